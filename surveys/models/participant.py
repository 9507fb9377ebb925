from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kundeservice.core.language import in_reader_language
from surveys.models.choices import AddressKind, Channel
from surveys.models.edition import Edition
from surveys.models.fields import CodeField

if TYPE_CHECKING:
    from kundeservice.core.models import User


class AwardClass(models.Model):
    """An industry within which participants compete."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="classes")
    code = CodeField(_("kode"))
    name_nb = models.CharField(_("navn"), max_length=120)
    name_en = models.CharField(_("navn på engelsk"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("klasse")
        verbose_name_plural = _("klasser")
        ordering = ("name_nb",)
        constraints = (models.UniqueConstraint(name="awardclass_code_unique", fields=("edition", "code")),)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_reader_language(self.name_nb, self.name_en)


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def visible_to(self, user: User) -> ParticipantQuerySet:
        """The participants whose own people the user is one of."""
        return self.filter(members__user=user)


class Participant(models.Model):
    """A company with a contact centre that takes part in the edition."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="participants")
    code = CodeField(_("kode"))
    name = models.CharField(_("navn"), max_length=160)
    award_class = models.ForeignKey(
        AwardClass, verbose_name=_("klasse"), on_delete=models.PROTECT, related_name="participants"
    )
    website = models.CharField(_("nettsted"), max_length=300, blank=True)
    report_email = models.EmailField(_("e-post for rapporten"), blank=True)
    telephone_contacts = models.PositiveSmallIntegerField(_("henvendelser på telefon"), null=True, blank=True)
    email_contacts = models.PositiveSmallIntegerField(_("henvendelser på e-post"), null=True, blank=True)
    chat_contacts = models.PositiveSmallIntegerField(_("henvendelser på chat"), null=True, blank=True)
    messenger_contacts = models.PositiveSmallIntegerField(_("henvendelser på Messenger"), null=True, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("deltaker")
        verbose_name_plural = _("deltakere")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(name="participant_code_unique", fields=("edition", "code")),)

    def __str__(self) -> str:
        return self.name

    @property
    def contact_overrides(self) -> dict[str, int]:
        """Channel → the leader's own number of contacts, where it replaces the distribution key."""
        given = {
            Channel.TELEPHONE.value: self.telephone_contacts,
            Channel.EMAIL.value: self.email_contacts,
            Channel.CHAT.value: self.chat_contacts,
            Channel.MESSENGER.value: self.messenger_contacts,
        }
        return {channel: count for channel, count in given.items() if count is not None}


CHANNEL_OF_ADDRESS: dict[str, str] = {
    AddressKind.TELEPHONE.value: Channel.TELEPHONE.value,
    AddressKind.EMAIL.value: Channel.EMAIL.value,
    AddressKind.CONTACT_FORM.value: Channel.EMAIL.value,
    AddressKind.CHAT.value: Channel.CHAT.value,
    AddressKind.MESSENGER.value: Channel.MESSENGER.value,
}


class ContactPoint(models.Model):
    """How a shopper reaches a participant: a number, an address or a link. A channel without one is closed."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(_("type"), max_length=20, choices=AddressKind.choices)
    address = models.CharField(_("adresse"), max_length=300)

    class Meta:
        verbose_name = _("kontaktpunkt")
        verbose_name_plural = _("kontaktpunkter")
        constraints = (models.UniqueConstraint(name="contactpoint_kind_unique", fields=("participant", "kind")),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.address}"

    @property
    def channel(self) -> str:
        return CHANNEL_OF_ADDRESS[self.kind]


class ParticipantMember(models.Model):
    """A person who may see a participant's report once it is published."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="participant_memberships")

    class Meta:
        verbose_name = _("kontaktperson")
        verbose_name_plural = _("kontaktpersoner")
        constraints = (models.UniqueConstraint(name="participantmember_unique", fields=("participant", "user")),)

    def __str__(self) -> str:
        return f"{self.user} – {self.participant}"


class RolePlay(models.Model):
    """The part a shopper plays towards the participants of a class."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="roleplays")
    award_class = models.ForeignKey(AwardClass, on_delete=models.CASCADE, related_name="roleplays")
    code = CodeField(_("kode"))
    title_nb = models.CharField(_("tittel"), max_length=160)
    text_nb = models.TextField(_("tekst"))
    title_en = models.CharField(_("tittel på engelsk"), max_length=160, blank=True)
    text_en = models.TextField(_("tekst på engelsk"), blank=True)

    class Meta:
        verbose_name = _("rollespill")
        verbose_name_plural = _("rollespill")
        ordering = ("code",)
        constraints = (models.UniqueConstraint(name="roleplay_code_unique", fields=("edition", "code")),)

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_reader_language(self.title_nb, self.title_en)

    @property
    def text(self) -> str:
        return in_reader_language(self.text_nb, self.text_en)
