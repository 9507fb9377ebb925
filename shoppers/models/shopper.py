from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.engine import words
from surveys.models import Edition, Participant
from surveys.models.fields import CodeField, WordSetField

if TYPE_CHECKING:
    from kundeservice.core.models import User


class Gender(models.TextChoices):
    FEMALE = words.FEMALE, _("Kvinne")
    MALE = words.MALE, _("Mann")
    OTHER = words.OTHER, _("Annet")


class RelationKind(models.TextChoices):
    """Why a shopper and a participant must never meet."""

    CUSTOMER = words.CUSTOMER, _("Kunde")
    EMPLOYEE = words.EMPLOYEE, _("Ansatt")
    FAMILY = words.FAMILY, _("Familie")
    OTHER = words.OTHER, _("Annet")


class ShopperQuerySet(models.QuerySet["Shopper"]):
    def visible_to(self, user: User) -> ShopperQuerySet:
        """A person's own places as shopper, one per edition."""
        return self.filter(user=user)


class Shopper(models.Model):
    """A person who contacts participants in one edition, with what they can and may do."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="shopper_places"
    )
    code = CodeField(_("kode"))
    name = models.CharField(_("navn"), max_length=160)
    email = models.EmailField(_("e-post"))
    birth_year = models.PositiveSmallIntegerField(_("fødselsår"), null=True, blank=True)
    gender = models.CharField(_("kjønn"), max_length=10, choices=Gender.choices, blank=True)
    county = models.CharField(_("fylke"), max_length=60, blank=True)
    channels = WordSetField(_("kontaktmåter"))
    max_contacts = models.PositiveSmallIntegerField(_("henvendelser, høyst"))
    max_per_week = models.PositiveSmallIntegerField(_("henvendelser per uke, høyst"), null=True, blank=True)
    available_from = models.DateField(_("tilgjengelig fra"), null=True, blank=True)
    available_to = models.DateField(_("tilgjengelig til"), null=True, blank=True)

    objects = ShopperQuerySet.as_manager()

    class Meta:
        verbose_name = _("mystery shopper")
        verbose_name_plural = _("mystery shoppere")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(name="shopper_code_unique", fields=("edition", "code")),)

    def __str__(self) -> str:
        return self.name

    @property
    def channel_set(self) -> frozenset[str]:
        return frozenset(self.channels.split())


class Relation(models.Model):
    """A shopper and a participant that must never meet."""

    shopper = models.ForeignKey(Shopper, on_delete=models.CASCADE, related_name="relations")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("forhold"), max_length=10, choices=RelationKind.choices, blank=True)

    class Meta:
        verbose_name = _("forhold")
        verbose_name_plural = _("forhold")
        constraints = (models.UniqueConstraint(name="relation_pair_unique", fields=("shopper", "participant")),)

    def __str__(self) -> str:
        return f"{self.shopper} – {self.participant}"
