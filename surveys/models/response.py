from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.models.choices import CommentArea, ReviewState
from surveys.models.contact import Contact
from surveys.models.questionnaire import Option, Question


class Response(models.Model):
    """A contact's questionnaire while it is being filled in, and the key that makes handing it in safe to repeat.

    `draft` holds what has been saved so far: {"options": {question: [option, …]}, "values": {question: number},
    "comments": {area: text}}. Answers become `Answer` rows only when the response is handed in, so everything that
    counts is whole.
    `revision` rises with every save; whoever hands in says which one they have seen. While it is being filled in,
    fields are compared one by one (`Content.mark`), so that two pages may fill in different questions.
    `conflicts` keeps content that arrived too late to be handed in: [{"at": time, "content": draft}], the newest last.
    """

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="response")
    submission_key = models.UUIDField(_("innsendingsnøkkel"), default=uuid.uuid4, unique=True, editable=False)
    draft = models.JSONField(_("kladd"), default=dict, blank=True)
    revision = models.PositiveIntegerField(_("revisjon"), default=0)
    conflicts = models.JSONField(_("innhold som kom for sent"), default=list, blank=True)
    saved_at = models.DateTimeField(_("lagret"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("levert"), null=True, blank=True)
    submitted_digest = models.CharField(_("innholdssum"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("besvarelse")
        verbose_name_plural = _("besvarelser")

    def __str__(self) -> str:
        return f"{self.contact_id} r{self.revision}"


class Answer(models.Model):
    """A ticked option, or a value on a scale. Exactly one of the two is given."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="answers", db_index=False)
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    option = models.ForeignKey(Option, on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    value = models.SmallIntegerField(_("verdi"), null=True, blank=True)

    class Meta:
        verbose_name = _("svar")
        verbose_name_plural = _("svar")
        # Holds whole answers, so that a count reads a contact's from the index alone.
        indexes = (models.Index(name="answer_whole", fields=("contact", "question", "option", "value")),)
        constraints = (
            models.UniqueConstraint(name="answer_option_once", fields=("contact", "question", "option")),
            models.UniqueConstraint(
                name="answer_value_once", fields=("contact", "question"), condition=models.Q(option__isnull=True)
            ),
            models.CheckConstraint(
                name="answer_option_or_value",
                condition=models.Q(option__isnull=False, value__isnull=True)
                | models.Q(option__isnull=True, value__isnull=False),
            ),
            # Two bytes on every database: a count tells answers apart by their numbers, which leave a value no more.
            models.CheckConstraint(name="answer_value_fits", condition=models.Q(value__range=(-(2**15), 2**15 - 1))),
        )

    def __str__(self) -> str:
        return f"{self.contact_id}/{self.question_id}"


class Comment(models.Model):
    """One of the three free texts. `text` is what readers may see.

    The shopper's own words stay in `original_text` once a reviewer has edited them.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="comments")
    area = models.CharField(_("prestasjonsområde"), max_length=10, choices=CommentArea.choices)
    text = models.TextField(_("kommentar"))
    original_text = models.TextField(_("opprinnelig kommentar"), blank=True)

    class Meta:
        verbose_name = _("kommentar")
        verbose_name_plural = _("kommentarer")
        constraints = (models.UniqueConstraint(name="comment_area_unique", fields=("contact", "area")),)

    def __str__(self) -> str:
        return self.text[:60]


class ReviewEvent(models.Model):
    """One step of a review, kept for ever: handed in, returned with a note, approved.

    `by` is the reviewer; it stays empty when a shopper hands in, because this app does not know who that was.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="review_events")
    state = models.CharField(_("tilstand"), max_length=10, choices=ReviewState.choices)
    note = models.TextField(_("merknad"), blank=True)
    at = models.DateTimeField(_("tidspunkt"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("av"),
    )

    class Meta:
        verbose_name = _("gjennomgangshendelse")
        verbose_name_plural = _("gjennomgangshendelser")
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.contact_id}: {self.state}"
