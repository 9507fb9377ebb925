"""What a reviewer reads: the queue of responses, and one response whole. Who the shopper was is not known here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from surveys.models import (
    Answer,
    Attempt,
    AttemptResult,
    Channel,
    Comment,
    CommentArea,
    Contact,
    Edition,
    Outcome,
    Response,
    ReviewState,
    ShortTryReason,
    Voiding,
)
from surveys.queries.content import Content, handed_in_content, question_field
from surveys.queries.questionnaire import AskedQuestion, Questionnaire, questionnaire_for

QUEUE_PAGE = 50
"""Lines of the queue on one page: a screenful or two, and quick whatever the edition's size."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A response in the queue. `has_odd_attempt`: its attempts have something the reviewer should look at.

    `void_is_asked`: somebody wants it annulled, and a colleague has not answered.
    """

    contact_code: str
    participant: str
    award_class: str
    channel_label: str
    outcome_label: str
    review: str
    review_label: str
    week: str
    has_odd_attempt: bool
    void_is_asked: bool


def review_queue(
    edition: Edition, *, state: str = ReviewState.SUBMITTED, channel: str = "", page: int | str = 1
) -> tuple[tuple[QueueRow, ...], Page[Any]]:
    """One page of the responses in a review state, the oldest week first. Three queries."""
    asked = Voiding.objects.waiting().filter(contact=OuterRef("pk"))
    contacts = _in_state(edition, state).select_related("participant__award_class")
    contacts = contacts.annotate(void_is_asked=Exists(asked)).order_by("week", "planned_on", "code")
    if channel in Channel.values:
        contacts = contacts.filter(channel=channel)
    shown = Paginator(contacts, QUEUE_PAGE).get_page(page)
    odd = set(
        Attempt.objects.out_of_the_ordinary()
        .filter(contact__in=[contact.pk for contact in shown])
        .values_list("contact_id", flat=True)
    )
    return tuple(_queue_row(contact, odd=contact.pk in odd) for contact in shown), shown


def next_in_queue(edition: Edition, *, after: Contact) -> Contact | None:
    """The next response waiting for review, going round to the first after the last. At most two queries."""
    waiting = _in_state(edition, ReviewState.SUBMITTED).exclude(pk=after.pk).order_by("week", "planned_on", "code")
    position = (after.week, after.code)
    following = waiting.filter(week__gte=after.week)
    return (
        next((contact for contact in following[:200] if (contact.week, contact.code) > position), None)
        or waiting.first()
    )


def _in_state(edition: Edition, state: str) -> QuerySet[Contact]:
    return Contact.objects.filter(edition=edition, review=state)


def _queue_row(contact: Any, *, odd: bool) -> QueueRow:
    return QueueRow(
        contact_code=contact.code,
        participant=contact.participant.name,
        award_class=contact.participant.award_class.name,
        channel_label=str(Channel(contact.channel).label),
        outcome_label=str(Outcome(contact.outcome).label) if contact.outcome else "",
        review=contact.review,
        review_label=str(ReviewState(contact.review).label) if contact.review else "",
        week=contact.week,
        has_odd_attempt=odd,
        void_is_asked=contact.void_is_asked,
    )


@dataclass(frozen=True, slots=True)
class SheetAnswer:
    """A question with what was answered, in words. `is_missing` when a required question has no answer."""

    question: str
    answers: tuple[str, ...]
    is_missing: bool


@dataclass(frozen=True, slots=True)
class SheetComment:
    """One comment field. `original` is the shopper's own text once a reviewer has edited it.

    `typed` when `text` is what a reviewer has typed and nobody has kept yet: an emptied one is to be shown as well.
    """

    area: str
    label: str
    text: str
    original: str
    typed: bool = False


@dataclass(frozen=True, slots=True)
class SheetSection:
    label: str
    answers: tuple[SheetAnswer, ...]
    comment: SheetComment | None


@dataclass(frozen=True, slots=True)
class SheetAttempt:
    number: int
    started_at: dt.datetime
    wait_seconds: Decimal | None
    result_label: str
    reason_label: str
    clock_seconds: Decimal | None
    told_afterwards: bool


@dataclass(frozen=True, slots=True)
class SheetEvent:
    """A step of the review so far, or of an annulment."""

    label: str
    note: str
    at: dt.datetime
    by: str


@dataclass(frozen=True, slots=True)
class SheetAside:
    """What the shopper wrote that does not count: fields in which it says something else, as (label, text).

    `at` is when it came; None for what the shopper is mending now.
    """

    at: dt.datetime | None
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """One response whole. `asked_void` is the annulment that somebody wants and a colleague has not answered."""

    contact: Contact
    sections: tuple[SheetSection, ...]
    attempts: tuple[SheetAttempt, ...]
    history: tuple[SheetEvent, ...]
    aside: tuple[SheetAside, ...] = ()
    asked_void: Voiding | None = None

    @property
    def is_begun_anew(self) -> bool:
        """Whether the shopper took the attempt back after it was returned: nothing handed in is left."""
        return self.contact.review == ReviewState.RETURNED and not self.contact.outcome

    @property
    def missing(self) -> int:
        """How many required questions have no answer."""
        return sum(answer.is_missing for section in self.sections for answer in section.answers)


def review_sheet(contact: Contact) -> ReviewSheet:
    """Everything a reviewer needs to decide. Ten queries, whatever the length of the questionnaire."""
    voidings = tuple(contact.voidings.select_related("asked_by", "agreed_by"))
    reviewed = (
        SheetEvent(label=event.get_state_display(), note=event.note, at=event.at, by=str(event.by or ""))
        for event in contact.review_events.select_related("by")
    )
    annulled = (event for voiding in voidings for event in _annulment(voiding))
    return ReviewSheet(
        contact=contact,
        sections=_sheet_sections(contact) if contact.outcome == Outcome.ANSWERED else (),
        attempts=tuple(
            SheetAttempt(
                number=attempt.number,
                started_at=attempt.started_at,
                wait_seconds=attempt.wait_seconds,
                result_label=str(AttemptResult(attempt.result).label),
                reason_label=str(ShortTryReason(attempt.reason).label) if attempt.reason else "",
                clock_seconds=attempt.clock_seconds,
                told_afterwards=attempt.told_afterwards,
            )
            for attempt in contact.attempts.all()
        ),
        history=tuple(sorted((*reviewed, *annulled), key=lambda event: event.at)),
        aside=_set_aside(contact) if contact.outcome == Outcome.ANSWERED else (),
        asked_void=next((voiding for voiding in voidings if voiding.is_waiting), None),
    )


def _annulment(voiding: Voiding) -> Iterator[SheetEvent]:
    """The steps of one annulment: asked for, agreed to or not, taken back. One person's act is one step."""
    why = f"{voiding.get_reason_display()}: {voiding.note}"
    asked, agreed = str(voiding.asked_by or ""), str(voiding.agreed_by or "")
    if voiding.agreed_at is None:
        yield SheetEvent(label=_("Bedt annullert"), note=why, at=voiding.asked_at, by=asked)
    else:
        both = (
            asked
            if asked == agreed or not agreed
            else _("%(asked)s og %(agreed)s") % {"asked": asked, "agreed": agreed}
        )
        yield SheetEvent(label=_("Annullert"), note=why, at=voiding.agreed_at, by=both)
    if voiding.withdrawn_at is not None:
        yield SheetEvent(label=_("Ønsket om annullering falt bort"), note="", at=voiding.withdrawn_at, by="")
    if voiding.lifted_at is not None:
        yield SheetEvent(label=_("Annulleringen tatt tilbake"), note="", at=voiding.lifted_at, by="")


def with_typed(sheet: ReviewSheet, comments: Mapping[str, str]) -> ReviewSheet:
    """The sheet with the comments a reviewer has typed (area → text), as long as comments may be edited."""
    if sheet.contact.review != ReviewState.SUBMITTED:
        return sheet

    def typed(section: SheetSection) -> SheetSection:
        comment = section.comment
        if comment is None or comment.area not in comments:
            return section
        return replace(section, comment=replace(comment, text=comments[comment.area], typed=True))

    return replace(sheet, sections=tuple(typed(section) for section in sheet.sections))


def _set_aside(contact: Contact) -> tuple[SheetAside, ...]:
    """What differs from what counts: what came too late, what was set aside, and what is being mended just now."""
    response = Response.objects.filter(contact=contact).first()
    if response is None or not (response.conflicts or contact.review == ReviewState.RETURNED):
        return ()
    counted = handed_in_content(contact)
    questionnaire = questionnaire_for(contact.edition, contact.channel)
    late = [(dt.datetime.fromisoformat(kept["at"]), kept["content"]) for kept in response.conflicts]
    drafts: list[tuple[dt.datetime | None, Mapping[str, Any]]] = [*late]
    if contact.review == ReviewState.RETURNED:
        drafts.append((None, response.draft))
    found = (
        SheetAside(at=at, lines=_differences(questionnaire, Content.from_draft(draft), counted)) for at, draft in drafts
    )
    return tuple(aside for aside in found if aside.lines)


def _differences(questionnaire: Questionnaire, written: Content, counted: Content) -> tuple[tuple[str, str], ...]:
    """The fields in which something else is written than what counts, in words; empty text where it is taken away."""
    lines = []
    for question in questionnaire:
        field = question_field(question.code)
        if written.only(field) != counted.only(field):
            lines.append((question.text, _answer_in_words(question, written)))
    for area in CommentArea:
        if written.comments.get(area.value, "") != counted.comments.get(area.value, ""):
            label = _("Kommentar om %(area)s") % {"area": area.label}
            lines.append((label, written.comments.get(area.value, "")))
    return tuple(lines)


def _answer_in_words(question: AskedQuestion, content: Content) -> str:
    if question.is_scale:
        value = content.values.get(question.code)
        return "" if value is None else f"{value} / {question.scale_max}"
    options = (question.option(code) for code in content.options.get(question.code, ()))
    return " · ".join(option.text for option in options if option is not None)


def _sheet_sections(contact: Contact) -> tuple[SheetSection, ...]:
    answers = _answers_by_question(contact)
    comments = {comment.area: comment for comment in Comment.objects.filter(contact=contact)}
    return tuple(
        SheetSection(
            label=section.label,
            answers=tuple(_sheet_answer(question, answers) for question in section.questions),
            comment=_sheet_comment(section.area, comments.get(section.area)) if section.has_comment else None,
        )
        for section in questionnaire_for(contact.edition, contact.channel).sections
    )


def _answers_by_question(contact: Contact) -> Mapping[int, list[tuple[int | None, int | None]]]:
    found: dict[int, list[tuple[int | None, int | None]]] = {}
    rows = Answer.objects.filter(contact=contact).order_by(F("option__order").asc(nulls_first=True))
    for question, option, value in rows.values_list("question_id", "option_id", "value"):
        found.setdefault(question, []).append((option, value))
    return found


def _sheet_answer(question: AskedQuestion, answers: Mapping[int, list[tuple[int | None, int | None]]]) -> SheetAnswer:
    words = {option.pk: option.text for option in question.options}
    given = answers.get(question.pk, [])
    shown = tuple(f"{value} / {question.scale_max}" if option is None else words[option] for option, value in given)
    return SheetAnswer(question=question.text, answers=shown, is_missing=question.required and not shown)


def _sheet_comment(area: str, comment: Comment | None) -> SheetComment:
    return SheetComment(
        area=area,
        label=str(CommentArea(area).label),
        text=comment.text if comment else "",
        original=comment.original_text if comment else "",
    )
