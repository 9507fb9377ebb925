from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shoppers.models.assignment import Plan
from surveys.models import Edition


class PlanProposalQuerySet(models.QuerySet["PlanProposal"]):
    def undecided(self) -> PlanProposalQuerySet:
        """Proposals somebody can still take into use."""
        return self.filter(accepted_at__isnull=True, discarded_at__isnull=True)


class PlanProposal(models.Model):
    """A plan that nobody has taken into use yet, with its certificate. Nothing in the edition knows of it.

    `contacts` are lists of participant, shopper, channel, day (ISO), window and key, the codes of the edition; the key
    is the code of the contact that is to change, empty for a new one. `changes` are as in `Plan`. Both are emptied
    when the proposal is decided: what came of it stands in `plan`.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("laget"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bestilt av"),
    )
    seed = models.BigIntegerField(_("frø"))
    is_repair = models.BooleanField(_("reparasjon"), default=False)
    input_digest = models.CharField(_("sum av grunnlaget"), max_length=64)
    objective = models.CharField(_("målverdi"), max_length=80, blank=True)
    figures = models.JSONField(_("tall"), default=list)
    stopped_by_clock = models.BooleanField(_("stoppet av klokken"), default=False)
    contacts = models.JSONField(_("henvendelser"), default=list, blank=True)
    changes = models.JSONField(_("endringer"), default=list, blank=True)
    accepted_at = models.DateTimeField(_("tatt i bruk"), null=True, blank=True)
    discarded_at = models.DateTimeField(_("forkastet"), null=True, blank=True)
    plan = models.OneToOneField(
        Plan, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("plan")
    )

    objects = PlanProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("forslag til plan")
        verbose_name_plural = _("forslag til planer")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="planproposal_decided_once",
                condition=models.Q(accepted_at__isnull=True) | models.Q(discarded_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.edition.code} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_decided(self) -> bool:
        return self.accepted_at is not None or self.discarded_at is not None
