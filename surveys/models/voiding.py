from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.models.choices import VoidReason
from surveys.models.contact import Contact


class VoidingQuerySet(models.QuerySet["Voiding"]):
    def waiting(self) -> VoidingQuerySet:
        """Asked for, and nobody has answered."""
        return self.filter(agreed_at__isnull=True, withdrawn_at__isnull=True)

    def in_force(self) -> VoidingQuerySet:
        """Carried out, and not taken back."""
        return self.filter(agreed_at__isnull=False, lifted_at__isnull=True)


class Voiding(models.Model):
    """One annulment of a contact: who asked and why, who agreed, and whether it was taken back. Rows stay for ever.

    `kept` is what the contact was before, so that it can be put back: {"outcome": …, "wait": …, "review": …,
    "content": draft, "comments": [{"area": …, "text": …, "original_text": …}]}.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="voidings")
    reason = models.CharField(_("grunn"), max_length=10, choices=VoidReason.choices, default=VoidReason.OTHER)
    note = models.TextField(_("begrunnelse"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bedt om av"),
        help_text=_("tomt når systemet selv handlet"),
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
    withdrawn_at = models.DateTimeField(_("trukket"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("opphevet"), null=True, blank=True)
    kept = models.JSONField(_("slik den var"), default=dict, blank=True)

    objects = VoidingQuerySet.as_manager()

    class Meta:
        verbose_name = _("annullering")
        verbose_name_plural = _("annulleringer")
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                name="voiding_one_at_a_time",
                fields=("contact",),
                condition=models.Q(withdrawn_at__isnull=True, lifted_at__isnull=True),
            ),
            models.CheckConstraint(
                name="voiding_not_both_agreed_and_withdrawn",
                condition=models.Q(agreed_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.contact_id}: {self.reason}"

    @property
    def is_waiting(self) -> bool:
        """Asked for, and nobody has answered."""
        return self.agreed_at is None and self.withdrawn_at is None
