from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoppers.models.shopper import Shopper
from surveys.models import Channel, Contact, Edition, Window
from surveys.models.fields import CodeField

if TYPE_CHECKING:
    from kundeservice.core.models import User


class Plan(models.Model):
    """The certificate of one planning: from what, with which seed, and how near each figure came to its bound.

    `figures` is a list of {"name", "value", "bound", "gap"} with numbers as strings: nothing is rounded on the way.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("laget"))
    seed = models.BigIntegerField(_("frø"))
    input_digest = models.CharField(_("sum av grunnlaget"), max_length=64)
    objective = models.CharField(_("målverdi"), max_length=80, blank=True)
    figures = models.JSONField(_("tall"), default=list)
    changes = models.JSONField(_("endringer"), default=list, blank=True)
    is_repair = models.BooleanField(_("reparasjon"), default=False)
    stopped_by_clock = models.BooleanField(_("stoppet av klokken"), default=False)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("planer")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.edition.code} {self.created_at:%Y-%m-%d %H:%M}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: User) -> AssignmentQuerySet:
        """A shopper's own contacts; nobody else's."""
        return self.filter(shopper__user=user)


class Assignment(models.Model):
    """Ties a contact to the shopper who makes it. The only place where the two meet."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="+")
    shopper = models.ForeignKey(Shopper, on_delete=models.PROTECT, related_name="assignments")
    plan = models.ForeignKey(Plan, on_delete=models.SET_NULL, null=True, blank=True, related_name="assignments")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("oppdrag")
        verbose_name_plural = _("oppdrag")

    def __str__(self) -> str:
        return f"{self.shopper} → {self.contact_id}"


class LostAssignment(models.Model):
    """A contact that a new plan or an import took from its shopper, as it stood then.

    The contact's own row may be gone, or its code be another contact's. What is moved by hand stands in the trail, and
    what a repair takes in its plan.
    """

    shopper = models.ForeignKey(Shopper, on_delete=models.CASCADE, related_name="+")
    contact_code = CodeField(_("henvendelse"))
    participant = models.CharField(_("deltaker"), max_length=160)
    channel = models.CharField(_("kontaktmåte"), max_length=10, choices=Channel.choices)
    planned_on = models.DateField(_("planlagt dag"))
    window = models.CharField(_("tidsrom"), max_length=5, choices=Window.choices, blank=True)
    lost_at = models.DateTimeField(_("mistet"))

    class Meta:
        verbose_name = _("mistet oppdrag")
        verbose_name_plural = _("mistede oppdrag")
        ordering = ("lost_at", "pk")

    def __str__(self) -> str:
        return f"{self.shopper} ← {self.contact_code}"
