"""Many contacts at once follow the same rules as one at a time."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from surveys.models import Attempt, AttemptResult, Channel, Contact, Edition, Outcome, Phase, Response, ReviewState
from surveys.services import (
    AlreadyHandedIn,
    AttemptRefused,
    ContactReport,
    Content,
    EditionNotOpen,
    IncompleteResponse,
    NotDecided,
    ReportedTry,
    record_attempt,
    report_contacts,
    submit_response,
)
from tests import factories
from tests.surveys.conftest import FULL_OPTIONS, FULL_VALUES, ContactFactory, oslo

MONDAY, TUESDAY = oslo("2022-01-10 10:00"), oslo("2022-01-11 10:00")
CONTENT = Content(
    options={code: tuple(options) for code, options in FULL_OPTIONS.items()},
    values=FULL_VALUES,
    comments={"agent": "Lyttet."},
)
ANSWERED = ReportedTry(MONDAY, AttemptResult.ANSWERED, wait_seconds=45)


def report(contact: Contact, *tries: ReportedTry, content: Content = CONTENT) -> ContactReport:
    return ContactReport(contact_id=contact.pk, tries=tries, submitted_at=TUESDAY, content=content)


def test_a_reported_contact_is_the_same_as_one_handed_in_by_hand(planned: ContactFactory, edition: Edition) -> None:
    told, by_hand = planned(), planned(code="c0002")
    assert report_contacts(edition_id=edition.pk, reports=[report(told, ANSWERED)]) == 1
    record_attempt(contact_id=by_hand.pk, started_at=MONDAY, wait_seconds=45, result=AttemptResult.ANSWERED, at=TUESDAY)
    submit_response(contact_id=by_hand.pk, submission_key=uuid.uuid4(), content=CONTENT, at=TUESDAY)

    def facts(contact: Contact) -> tuple[object, ...]:
        contact.refresh_from_db()
        return (
            (contact.outcome, contact.wait, contact.review, contact.contacted_at, contact.answered_at),
            sorted(contact.answers.values_list("question__code", "option__code", "value"), key=str),
            list(contact.comments.values_list("area", "text")),
            list(contact.attempts.values_list("number", "started_at", "wait_seconds", "result")),
            list(contact.review_events.values_list("state", "at")),
            (contact.response.draft, contact.response.submitted_digest, contact.response.submitted_at),
        )

    assert facts(told) == facts(by_hand)


def test_every_channel_ends_as_its_rules_say(planned: ContactFactory, edition: Edition) -> None:
    email, late, silent = (
        planned(Channel.EMAIL),
        planned(Channel.MESSENGER, code="c0002"),
        planned(Channel.CHAT, code="c0003"),
    )
    report_contacts(
        edition_id=edition.pk,
        reports=[
            report(email, ReportedTry(MONDAY, AttemptResult.ANSWERED, answered_at=TUESDAY)),
            report(late, ReportedTry(MONDAY, AttemptResult.ANSWERED, wait_seconds=5000)),
            report(
                silent,
                ReportedTry(MONDAY, AttemptResult.NO_ANSWER, wait_seconds=300),
                ReportedTry(TUESDAY - dt.timedelta(hours=1), AttemptResult.NO_ANSWER, wait_seconds=300),
            ),
        ],
    )
    made = dict(Contact.objects.values_list("channel", "wait"))
    assert made == {"email": 2, "messenger": 5000, "chat": None}
    silent.refresh_from_db()
    assert (silent.outcome, silent.review) == (Outcome.NO_ANSWER, ReviewState.SUBMITTED)
    assert not silent.answers.exists()
    assert Attempt.objects.filter(contact=silent).count() == 2


def test_one_bad_report_keeps_all_of_them_out(planned: ContactFactory, edition: Edition) -> None:
    good, bad = planned(), planned(code="c0002")
    refused = [
        (report(bad, ReportedTry(MONDAY, AttemptResult.ANSWERED, wait_seconds=301)), AttemptRefused),
        (report(bad, ReportedTry(MONDAY, AttemptResult.NOT_QUEUED)), NotDecided),
        (report(bad), NotDecided),
        (report(bad, ANSWERED, content=Content()), IncompleteResponse),
        (report(good, ANSWERED), AlreadyHandedIn),
    ]
    for second, reason in refused:
        with pytest.raises(reason):
            report_contacts(edition_id=edition.pk, reports=[report(good, ANSWERED), second])
    assert not Contact.objects.made().exists()
    assert not Response.objects.exists()


def test_a_contact_nobody_answered_has_no_answers_whatever_is_told(planned: ContactFactory, edition: Edition) -> None:
    contact = planned()
    twice = [ReportedTry(day, AttemptResult.NOT_QUEUED) for day in (MONDAY, TUESDAY)]
    report_contacts(edition_id=edition.pk, reports=[report(contact, *twice)])
    assert not contact.answers.exists()
    assert Response.objects.get(contact=contact).draft == {}


def test_a_contact_of_another_edition_is_not_reported(planned: ContactFactory, edition: Edition) -> None:
    other = factories.make_edition("ksp-2023", phase=Phase.FIELD, year=2023)
    contact = planned()
    with pytest.raises(AlreadyHandedIn):
        report_contacts(edition_id=other.pk, reports=[report(contact, ANSWERED)])


def test_nothing_is_reported_before_the_field_period(planned: ContactFactory, edition: Edition) -> None:
    contact = planned()
    Edition.objects.update(phase=Phase.PLANNED)
    with pytest.raises(EditionNotOpen):
        report_contacts(edition_id=edition.pk, reports=[report(contact, ANSWERED)])


def test_a_contact_somebody_has_begun_is_left_to_them(planned: ContactFactory, edition: Edition) -> None:
    contact = planned()
    record_attempt(contact_id=contact.pk, started_at=MONDAY, result=AttemptResult.NOT_QUEUED, at=MONDAY)
    with pytest.raises(AlreadyHandedIn):
        report_contacts(edition_id=edition.pk, reports=[report(contact, ANSWERED)])
