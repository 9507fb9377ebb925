"""Which of the responses that wait may be approved together, and why the others must be read one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import ngettext

from kundeservice.core.models import User
from kundeservice.core.queries.history import subjects_since, version_of
from kundeservice.core.text import in_alphabet
from surveys.models import (
    Answer,
    Attempt,
    Channel,
    Comment,
    Contact,
    Edition,
    Outcome,
    Response,
    ReviewEvent,
    ReviewState,
    Voiding,
)
from surveys.queries.attempts import made_off_hours
from surveys.queries.questionnaire import Questionnaire, questionnaires_of
from surveys.queries.versions import REWRITTEN


class WhyRead(StrEnum):
    """What makes a response one to be read by itself."""

    COMMENT = "comment"
    ATTEMPT = "attempt"
    MISSING = "missing"
    DOUBT = "doubt"
    MESSAGE = "message"
    RETURNED = "returned"
    LATE = "late"
    VOIDING = "voiding"

    def told(self, number: int) -> str:
        """What so many responses have that makes them be read, without the number: «har en kommentar …»."""
        n = number
        match self:
            case WhyRead.COMMENT:
                text = ngettext("har en kommentar, der det kan stå navn", "har en kommentar, der det kan stå navn", n)
            case WhyRead.ATTEMPT:
                text = ngettext("har et forsøk å se på", "har et forsøk å se på", n)
            case WhyRead.MISSING:
                text = ngettext("mangler svar som må være der", "mangler svar som må være der", n)
            case WhyRead.DOUBT:
                text = ngettext("har svar som kan motsi hverandre", "har svar som kan motsi hverandre", n)
            case WhyRead.MESSAGE:
                text = ngettext("har en beskjed fra mystery shopperen", "har en beskjed fra mystery shopperen", n)
            case WhyRead.RETURNED:
                text = ngettext("har vært sendt tilbake", "har vært sendt tilbake", n)
            case WhyRead.LATE:
                text = ngettext("har innhold som kom for sent", "har innhold som kom for sent", n)
            case WhyRead.VOIDING:
                text = ngettext("er bedt annullert", "er bedt annullert", n)
        return text


@dataclass(frozen=True, slots=True)
class CleanRow:
    """A response that may be approved unread: nothing is missing, and nothing about it asks to be looked at."""

    contact_id: int
    contact_code: str
    participant: str
    award_class: str
    channel_label: str
    week: str
    outcome_label: str


@dataclass(frozen=True, slots=True)
class SortedQueue:
    """The responses that wait. `clean` by class; `to_read` how many must be read, by why – one may have several."""

    clean: tuple[CleanRow, ...]
    waiting: int
    to_read: tuple[tuple[str, int], ...]

    @property
    def by_class(self) -> tuple[tuple[str, tuple[CleanRow, ...]], ...]:
        groups = groupby(self.clean, key=lambda row: row.award_class)
        return tuple((name, tuple(rows)) for name, rows in groups)


def sort_queue(edition: Edition, *, channel: str = "", only: Collection[int] | None = None) -> SortedQueue:
    """The queue sorted into what may be approved together and what must be read.

    Ten queries, whatever its length; eleven queries where several answers may be ticked and one of them says no.
    `only` narrows it to these contacts. No mark tells whether a comment holds a name, so every comment is to be read.
    """
    contacts = Contact.objects.filter(edition=edition).awaiting_review()
    if channel in Channel.values:
        contacts = contacts.filter(channel=channel)
    if only is not None:
        contacts = contacts.filter(pk__in=only)
    rows = list(
        contacts.order_by("week", "code").values_list(
            "pk", "code", "participant__name", "participant__award_class__name_nb", "channel", "week", "outcome"
        )
    )
    rows.sort(key=lambda row: (in_alphabet(row[3]), in_alphabet(row[2])))
    why = _why_read(edition, contacts, {pk: (channel, outcome) for pk, *_names, channel, _week, outcome in rows})
    numbers = Counter(reason for reasons in why.values() for reason in reasons)
    return SortedQueue(
        clean=tuple(
            CleanRow(
                contact_id=pk,
                contact_code=code,
                participant=participant,
                award_class=award_class,
                channel_label=str(Channel(channel).label),
                week=week,
                outcome_label=str(Outcome(outcome).label) if outcome else "",
            )
            for pk, code, participant, award_class, channel, week, outcome in rows
            if pk not in why
        ),
        waiting=len(rows),
        to_read=tuple((reason.told(numbers[reason]), numbers[reason]) for reason in WhyRead if numbers[reason]),
    )


def _why_read(
    edition: Edition, contacts: QuerySet[Contact], known: Mapping[int, tuple[str, str]]
) -> dict[int, set[WhyRead]]:
    """Contact → why it must be read; clean ones are not there."""
    waiting = contacts.order_by().values("pk")
    found: dict[int, set[WhyRead]] = {}

    def note(reason: WhyRead, keys: Iterable[int]) -> None:
        for key in keys:
            found.setdefault(key, set()).add(reason)

    events = ReviewEvent.objects.filter(contact__in=waiting)
    odd = Attempt.objects.out_of_the_ordinary().filter(contact__in=waiting)
    note(WhyRead.COMMENT, Comment.objects.filter(contact__in=waiting).values_list("contact_id", flat=True))
    note(WhyRead.ATTEMPT, odd.values_list("contact_id", flat=True))
    note(WhyRead.ATTEMPT, made_off_hours(edition, among=waiting))
    questionnaires = questionnaires_of(edition, tuple(Channel.values))
    note(WhyRead.MISSING, _with_gaps(questionnaires, waiting, known))
    note(WhyRead.DOUBT, _with_doubts(questionnaires, waiting))
    told = Q(state=ReviewState.SUBMITTED, by=None) & ~Q(note="")
    note(WhyRead.MESSAGE, events.filter(told).values_list("contact_id", flat=True))
    note(WhyRead.RETURNED, events.filter(state=ReviewState.RETURNED).values_list("contact_id", flat=True))
    late = Response.objects.filter(contact__in=waiting).exclude(conflicts=[])
    note(WhyRead.LATE, late.values_list("contact_id", flat=True))
    asked = Voiding.objects.waiting().filter(contact__in=waiting)
    note(WhyRead.VOIDING, asked.values_list("contact_id", flat=True))
    return found


def _with_gaps(
    questionnaires: Mapping[str, Questionnaire],
    waiting: QuerySet[Contact, Any],
    known: Mapping[int, tuple[str, str]],
) -> list[int]:
    """Contacts that lack a required answer, or an outcome."""
    needed = {channel: sum(question.required for question in asked) for channel, asked in questionnaires.items()}
    answered = dict(
        Answer.objects.filter(contact__in=waiting, question__required=True)
        .order_by()
        .values_list("contact_id")
        .annotate(number=Count("question", distinct=True))
    )
    return [
        pk
        for pk, (channel, outcome) in known.items()
        if outcome not in (Outcome.ANSWERED, Outcome.NO_ANSWER)
        or (outcome == Outcome.ANSWERED and answered.get(pk, 0) < needed[channel])
    ]


def _with_doubts(questionnaires: Mapping[str, Questionnaire], waiting: QuerySet[Contact, Any]) -> Iterable[int]:
    """Contacts in which an option that says no to the others is ticked beside another one."""
    questions = (question for asked in questionnaires.values() for question in asked if question.is_multi)
    alone = {option.pk for question in questions for option in question.options if option.says_none}
    same = Answer.objects.filter(contact=OuterRef("contact"), question=OuterRef("question"))
    beside = Exists(same.exclude(option=OuterRef("option")))
    ticked = Answer.objects.filter(beside, contact__in=waiting, option__in=alone)
    return ticked.values_list("contact_id", flat=True)


def queue_lines(edition: Edition) -> Q:
    """What moves the review of any contact of an edition."""
    own = Q(action__startswith="response.") | Q(action__startswith="contact.void")
    return Q(subject__startswith=f"{edition.code}/") & own | Q(subject=edition.code, action=REWRITTEN)


def queue_version(edition: Edition) -> str:
    """The version of the whole queue. One query."""
    return version_of(queue_lines(edition))


def changed_since(edition: Edition, version: str, *, by: User | None) -> frozenset[str]:
    """The codes of contacts whose review somebody has moved after a version of the queue; what `by` approved apart.

    The edition's own code is among them when it was imported anew. One query.
    """
    own = Q(action="response.approved", actor=by)
    subjects = subjects_since(queue_lines(edition) & ~own, version)
    return frozenset(subject.removeprefix(f"{edition.code}/") for subject in subjects)
