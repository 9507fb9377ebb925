"""What takes two leaders: one asks, another agrees."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.models.edition import Edition


class RequestKind(models.TextChoices):
    """What two people agree on: to see places and totals before they are published, to change a locked edition, and to
    pass the last two gates of its life.
    """

    VIEW = "view", _("Innsyn i resultatene")
    UNLOCK = "unlock", _("Oppheving av låsen")
    LOCK = "lock", _("Låsing av årgangen")
    PUBLISH = "publish", _("Publisering av resultatene")


class LeaderRequestQuerySet(models.QuerySet["LeaderRequest"]):
    def agreed(self) -> LeaderRequestQuerySet:
        return self.filter(agreed_at__isnull=False)

    def waiting(self) -> LeaderRequestQuerySet:
        return self.filter(agreed_at__isnull=True, withdrawn_at__isnull=True)


class LeaderRequest(models.Model):
    """One person asks, another agrees. Rows stay for ever, so that everybody can see who opened what, when and why."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="leader_requests")
    kind = models.CharField(_("gjelder"), max_length=10, choices=RequestKind.choices)
    reason = models.TextField(_("begrunnelse"), blank=True)
    wanted = models.JSONField(_("ønsket"), default=dict, blank=True)
    """Of a publication: `publish_at`, ISO 8601 or empty for at once, and `shows_confidence`."""
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("bedt om av")
    )
    asked_at = models.DateTimeField(_("bedt om"))
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("godkjent av"),
    )
    agreed_at = models.DateTimeField(_("godkjent"), null=True, blank=True)
    used_at = models.DateTimeField(_("brukt"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("trukket"), null=True, blank=True)

    objects = LeaderRequestQuerySet.as_manager()

    class Meta:
        db_table = "surveys_sealopening"  # the guards of a locked edition, and copies of the data, know it by this name
        verbose_name = _("ønske til en kollega")
        verbose_name_plural = _("ønsker til en kollega")
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="sealopening_unlock_by_two",
                condition=~models.Q(kind=RequestKind.UNLOCK.value)
                | models.Q(agreed_by__isnull=True)
                | ~models.Q(agreed_by=models.F("asked_by")),
            ),
            models.CheckConstraint(
                name="sealopening_agreed_has_person_and_time",
                condition=models.Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | models.Q(agreed_by__isnull=False, agreed_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.kind}"

    @property
    def wanted_at(self) -> dt.datetime | None:
        """When results are asked to be published; None for at once, and of other kinds."""
        written = self.wanted.get("publish_at")
        return dt.datetime.fromisoformat(written) if written else None
