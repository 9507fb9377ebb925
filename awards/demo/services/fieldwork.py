"""The field period of the demo edition: shoppers hand in through the ordinary services, and the office reviews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import NamedTuple

from django.utils.translation import gettext as _

from awards.demo.services.people import Staff
from awards.demo.world import SimulatedAttempt, SimulatedContact, SimulatedWorld
from awards.demo.world.handing_in import ended_at, handed_in_at, is_half_done, is_put_off
from shoppers.models import Assignment
from surveys.engine.working_days import next_working_day
from surveys.models import Channel, CommentArea, Contact, Edition, Outcome, ReviewEvent, ReviewState
from surveys.services import (
    ContactReport,
    Content,
    DraftRejected,
    ReportedTry,
    approve_responses,
    open_draft,
    record_attempt,
    report_contacts,
    return_response,
    save_draft,
    start_attempt,
)

PER_BATCH = 300
NEWEST, MOST_RETURNED, APART = 200, 5, 4
"""Of so many of the newest responses, so many go back, and so far apart that they come from different shoppers."""
COMMENTED_FIRST = (CommentArea.AGENT, CommentArea.OVERALL, CommentArea.WELCOME)
WORKING_DAYS_TO_REVIEW = 2
BEFORE_MIDNIGHT = dt.timedelta(hours=2)
"""The last things done before the demo's day."""

TellCount = Callable[[int, int], None]


class _Planned(NamedTuple):
    pk: int
    code: str
    participant: str
    shopper: str
    channel: str
    planned_on: dt.date
    window: str


@dataclass(frozen=True)
class Fieldwork:
    """A field period up to `now`, a midnight. Once it `is_over` nothing is put off any more."""

    edition: Edition
    seed: int
    world: SimulatedWorld
    now: dt.datetime
    is_over: bool

    @property
    def today(self) -> dt.date:
        return self.now.date()

    def is_due(self, planned: _Planned) -> bool:
        """Whether its shopper has come to a contact by now."""
        if planned.planned_on >= self.today:
            return False
        return self.is_over or not is_put_off(self.seed, planned.code, planned.planned_on, today=self.today)

    def is_half_done(self, planned: _Planned) -> bool:
        return not self.is_over and is_half_done(self.seed, planned.code, planned.planned_on, today=self.today)


def make_contacts(fieldwork: Fieldwork, *, tell: TellCount) -> None:
    """Make every contact that is due: handed in by now, or as far as it has come."""
    done: list[ContactReport] = []
    due = [planned for planned in _planned(fieldwork.edition) if fieldwork.is_due(planned)]
    for number, planned in enumerate(due, start=1):
        made = fieldwork.world.respond(*planned[1:])
        at = handed_in_at(fieldwork.seed, planned.code, made, planned.channel, closed=fieldwork.edition.closed_dates)
        if at < fieldwork.now and not (made.answered_at and fieldwork.is_half_done(planned)):
            done.append(_report(planned, made, submitted_at=at))
        else:
            _make_in_part(planned, made, now=fieldwork.now)
        if number % PER_BATCH == 0:
            tell(number // 2, len(due))
    done.sort(key=lambda report: report.submitted_at)
    for start in range(0, len(done), PER_BATCH):
        report_contacts(edition_id=fieldwork.edition.pk, reports=done[start : start + PER_BATCH])
        tell((len(due) + start) // 2, len(due))
    tell(len(due), len(due))


def review_contacts(fieldwork: Fieldwork, *, staff: Staff, through: dt.date, tell: TellCount) -> None:
    """Approve what was handed in through a day, day by day. What came later waits; a few of the newest go back."""
    edition = fieldwork.edition
    handed_in = list(
        ReviewEvent.objects.filter(contact__edition=edition, state=ReviewState.SUBMITTED)
        .order_by("at", "contact__code")
        .values_list("at", "contact_id")
    )
    reviewed = 0
    by_day = groupby(handed_in, key=lambda row: row[0].astimezone(edition.tzinfo).date())
    for number, (day, rows) in enumerate(by_day):
        if day > through:
            break
        at = min(_reviewed_at(edition, day), fieldwork.now - BEFORE_MIDNIGHT)
        by = staff.reviewers[number % len(staff.reviewers)]
        contacts = [contact for _at, contact in rows]
        reviewed += approve_responses(edition_id=edition.pk, contact_ids=contacts, by=by, at=at)
        tell(reviewed, len(handed_in))
    if reviewed < len(handed_in):
        newest = [contact for _at, contact in handed_in[-NEWEST:]]
        _return_some(newest[::-1], staff=staff, at=fieldwork.now - BEFORE_MIDNIGHT)
    tell(len(handed_in), len(handed_in))


def _planned(edition: Edition) -> list[_Planned]:
    rows = Assignment.objects.filter(contact__edition=edition).order_by("contact__code")
    columns = rows.values_list(
        "contact_id",
        "contact__code",
        "contact__participant__code",
        "shopper__code",
        "contact__channel",
        "contact__planned_on",
        "contact__window",
    )
    return [_Planned(*row[:5], day, row[6]) for row in columns if (day := row[5]) is not None]


def _report(planned: _Planned, made: SimulatedContact, *, submitted_at: dt.datetime) -> ContactReport:
    return ContactReport(
        contact_id=planned.pk,
        tries=[_as_told(planned, made, attempt) for attempt in made.attempts],
        submitted_at=submitted_at,
        content=Content(options=_sorted(made), values=made.values, comments=made.comments),
    )


def _as_told(planned: _Planned, made: SimulatedContact, attempt: SimulatedAttempt) -> ReportedTry:
    is_answered_letter = planned.channel == Channel.EMAIL and attempt.number == len(made.attempts)
    return ReportedTry(
        started_at=attempt.started_at,
        result=attempt.result,
        wait_seconds=attempt.wait_seconds,
        answered_at=made.answered_at if is_answered_letter else None,
    )


def _sorted(made: SimulatedContact) -> dict[str, tuple[str, ...]]:
    """Ticks in the one order in which the pages keep them too."""
    return {question: tuple(sorted(ticked)) for question, ticked in made.options.items()}


def _make_in_part(planned: _Planned, made: SimulatedContact, *, now: dt.datetime) -> None:
    """Tell what has happened so far: attempts that are over, an e-mail that waits, half a questionnaire."""
    if planned.channel == Channel.EMAIL and (made.answered_at is None or made.answered_at >= now):
        sent = made.attempts[0].started_at
        start_attempt(contact_id=planned.pk, at=sent, started_at=sent)
        return
    for attempt in made.attempts:
        told = _as_told(planned, made, attempt)
        is_last_answered = made.answered_at is not None and attempt.number == len(made.attempts)
        over = made.answered_at if is_last_answered else ended_at(made, attempt.number, planned.channel)
        if over is None or over >= now:
            return
        record_attempt(
            contact_id=planned.pk,
            result=told.result,
            at=over,
            started_at=told.started_at,
            wait_seconds=told.wait_seconds,
            answered_at=told.answered_at,
        )
    if made.answered_at is not None:
        _begin_questionnaire(planned, made)


def _begin_questionnaire(planned: _Planned, made: SimulatedContact) -> None:
    """The first half of the answers, as somebody leaves them who is called away."""
    draft = open_draft(contact_id=planned.pk)
    answers = _sorted(made)
    half = dict(islice(answers.items(), len(answers) // 2))
    saved_at = (made.answered_at or made.contacted_at) + dt.timedelta(minutes=4)
    saved = save_draft(contact_id=planned.pk, revision=draft.revision, at=saved_at, options=half)
    if saved.refused:
        raise DraftRejected(saved.refused.values())


def _reviewed_at(edition: Edition, day: dt.date) -> dt.datetime:
    for _day in range(WORKING_DAYS_TO_REVIEW):
        day = next_working_day(day, edition.closed_dates)
    return dt.datetime.combine(day, dt.time(14), edition.tzinfo)


def _return_some(newest: Sequence[int], *, staff: Staff, at: dt.datetime) -> None:
    """Ask for a comment where the shopper wrote none; whoever looks again may send an approved one back too."""
    for contact, area in islice(_without_a_comment(newest), 0, MOST_RETURNED * APART, APART):
        note = _(
            "Kommentaren til «%(area)s» mangler. Skriv en setning eller to om hva som gjorde inntrykk, "
            "så deltakeren skjønner hvorfor svarene ble som de ble."
        )
        label = CommentArea(area).label
        return_response(contact_id=contact, by=staff.reviewer, note=note % {"area": label}, at=at)


def _without_a_comment(newest: Sequence[int]) -> Iterator[tuple[int, str]]:
    """The answered contacts among them in their order, and an area of each about which nothing is written."""
    answered = Contact.objects.filter(outcome=Outcome.ANSWERED).prefetch_related("comments").in_bulk(list(newest))
    for contact in (answered[pk] for pk in newest if pk in answered):
        written = {comment.area for comment in contact.comments.all()}
        silent = next((area for area in COMMENTED_FIRST if area not in written), None)
        if silent is not None:
            yield contact.pk, silent
