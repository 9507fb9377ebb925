from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from surveys.engine.weeks import iso_week
from surveys.models.choices import AttemptResult, Channel, Outcome, ReviewState, ShortTryReason, Window
from surveys.models.edition import Edition
from surveys.models.fields import CodeField, ExactDecimalField
from surveys.models.participant import Participant


class ContactQuerySet(models.QuerySet["Contact"]):
    def made(self) -> ContactQuerySet:
        """Contacts with an outcome, void ones included."""
        return self.exclude(outcome="")

    def not_made(self) -> ContactQuerySet:
        return self.filter(outcome="")

    def counted(self) -> ContactQuerySet:
        """The contacts that count: answered or not, and not held back by a review (scoring rules, counted contacts)."""
        return self.filter(outcome__in=(Outcome.ANSWERED, Outcome.NO_ANSWER), review__in=("", ReviewState.APPROVED))

    def overdue(self, *, at: dt.datetime) -> ContactQuerySet:
        """Planned for a week before the one `at` lies in, and still not made."""
        return self.not_made().filter(week__lt=iso_week(timezone.localtime(at)))

    def awaiting_review(self) -> ContactQuerySet:
        return self.filter(review=ReviewState.SUBMITTED)


class Contact(models.Model):
    """One planned or made enquiry to a participant. Who makes it is not known here: whoever ranks cannot look it up.

    `wait` is in the channel's unit (seconds, or working days for e-mail).
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="contacts")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="contacts")
    code = CodeField(_("kode"))
    channel = models.CharField(_("kontaktmåte"), max_length=10, choices=Channel.choices)
    week = models.CharField(_("uke"), max_length=8)
    planned_on = models.DateField(_("planlagt dag"), null=True, blank=True)
    window = models.CharField(_("tidsrom"), max_length=5, choices=Window.choices, blank=True)
    outcome = models.CharField(_("utfall"), max_length=10, choices=Outcome.choices, blank=True)
    contacted_at = models.DateTimeField(_("kontaktet"), null=True, blank=True)
    answered_at = models.DateTimeField(_("besvart"), null=True, blank=True)
    wait = ExactDecimalField(_("ventetid"), null=True, blank=True)
    review = models.CharField(_("gjennomgang"), max_length=10, choices=ReviewState.choices, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("henvendelse")
        verbose_name_plural = _("henvendelser")
        ordering = ("week", "planned_on", "code")
        constraints = (
            models.UniqueConstraint(name="contact_code_unique", fields=("edition", "code")),
            models.CheckConstraint(
                name="contact_wait_only_when_made",
                condition=models.Q(wait__isnull=True) | ~models.Q(outcome=""),
            ),
        )
        indexes = (
            models.Index(name="contact_review_idx", fields=("edition", "review", "outcome")),
            models.Index(name="contact_week_idx", fields=("edition", "week")),
        )

    def __str__(self) -> str:
        return f"{self.code} ({self.participant.name}, {self.get_channel_display()})"


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def out_of_the_ordinary(self) -> AttemptQuerySet:
        """Attempts a reviewer should look at: given up early, told afterwards, or another wait than the clock's."""
        return self.exclude(reason="", told_afterwards=False, clock_seconds=None)


class Attempt(models.Model):
    """One try at reaching the participant. `wait_seconds` is how long the shopper waited in that try.

    `reason` says why they gave up before the time was over. `clock_seconds` is what the server's clock had counted,
    kept only where the shopper says another wait.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("nummer"))
    started_at = models.DateTimeField(_("begynte"))
    wait_seconds = ExactDecimalField(_("ventet sekunder"), null=True, blank=True)
    result = models.CharField(_("resultat"), max_length=10, choices=AttemptResult.choices)
    reason = models.CharField(_("hvorfor så kort"), max_length=12, choices=ShortTryReason.choices, blank=True)
    clock_seconds = ExactDecimalField(_("sekunder på klokken"), null=True, blank=True)
    told_afterwards = models.BooleanField(_("meldt i etterkant"), default=False)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("forsøk")
        verbose_name_plural = _("forsøk")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(name="attempt_number_unique", fields=("contact", "number")),
            models.CheckConstraint(name="attempt_number_1_or_2", condition=models.Q(number__in=(1, 2))),
            models.CheckConstraint(
                name="attempt_reason_only_unanswered",
                condition=models.Q(reason="") | ~models.Q(result=AttemptResult.ANSWERED),
            ),
        )

    def __str__(self) -> str:
        return f"{self.contact_id} #{self.number}: {self.result}"
