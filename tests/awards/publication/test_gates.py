"""To lock and to publish takes two people wherever the seal does, and a reason when something is undone."""

from __future__ import annotations

import datetime as dt

import pytest

from awards.models import Publication, Report, ReportState, StudyKind
from awards.publication.queries.gates import undone_before_publication
from awards.publication.services.gates import agree_and_carry_out, ask_to_lock, ask_to_publish
from awards.publication.services.publishing import (
    PublicationRefused,
    cancel_scheduled_publication,
    lock_edition,
    schedule_publication,
)
from awards.publication.tasks import publish_due
from awards.studies.services import make_study
from kundeservice.core.jobs import run_job
from kundeservice.core.models import AuditEvent, Job, JobState, Role, User
from scoring.services import count_edition
from surveys.models import Contact, Edition, LeaderRequest, Phase, ReviewState, VoidReason
from surveys.queries.sealing import results_are_open
from surveys.queries.versions import gate_version
from surveys.services import (
    ChangedMeanwhile,
    ReasonNeeded,
    RequestRefused,
    ask_to_unlock,
    ask_to_view_results,
    ask_to_void,
    withdraw_request,
)
from tests.factories import AT, believable_edition, make_person

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=7)


@pytest.fixture
def counted() -> Edition:
    edition = believable_edition(classes=1, participants=2, contacts=4)
    count_edition(edition_id=edition.pk, at=AT)
    return edition


@pytest.fixture
def locked(counted: Edition) -> Edition:
    lock_edition(edition_id=counted.pk, by=None, at=AT)
    counted.refresh_from_db()
    return counted


@pytest.fixture
def one() -> User:
    return make_person(Role.LEADER)


@pytest.fixture
def other() -> User:
    return make_person(Role.LEADER)


def wish(
    edition: Edition,
    by: User,
    *,
    publish_at: dt.datetime | None = None,
    reason: str = "Manus",
    shows_confidence: bool = False,
    seen: str | None = None,
) -> LeaderRequest:
    return ask_to_publish(
        edition_id=edition.pk,
        by=by,
        reason=reason,
        publish_at=publish_at,
        shows_confidence=shows_confidence,
        at=AT,
        seen=seen,
    )


def test_a_lock_is_ordered_when_another_leader_agrees(counted: Edition, one: User, other: User) -> None:
    asked = ask_to_lock(edition_id=counted.pk, by=one, reason="", at=AT)
    assert not Job.objects.exists()

    with pytest.raises(RequestRefused, match="Be en kollega"):
        agree_and_carry_out(request_id=asked.pk, by=one, at=AT)
    agree_and_carry_out(request_id=asked.pk, by=other, at=AT)

    assert Job.objects.get().kind == "awards.lock_edition"
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))[-2:] == [
        "seal.lock.asked",
        "seal.lock.agreed",
    ]


def test_what_is_left_undone_between_the_agreement_and_the_job_stops_the_lock(
    counted: Edition, one: User, other: User
) -> None:
    asked = ask_to_lock(edition_id=counted.pk, by=one, reason="", at=AT)
    agree_and_carry_out(request_id=asked.pk, by=other, at=AT)
    answered = Contact.objects.filter(edition=counted, outcome="answered").earliest("pk")
    ask_to_void(contact_id=answered.pk, reason="customer", note="Hun er kunde.", by=one, at=AT)

    run_job(Job.objects.get().pk, at=AT, with_heartbeat=False)

    job = Job.objects.get()
    assert job.state == JobState.FAILED
    assert "1 annullering venter på en kollega" in job.error


def ordered_lock(edition: Edition, one: User, other: User, *, reason: str = "") -> Job:
    asked = ask_to_lock(edition_id=edition.pk, by=one, reason=reason, at=AT)
    agree_and_carry_out(request_id=asked.pk, by=other, at=AT)
    return Job.objects.get(kind="awards.lock_edition")


def done(job: Job, monkeypatch: pytest.MonkeyPatch) -> Job:
    monkeypatch.setattr("kundeservice.core.clock.now", lambda: LATER)
    assert run_job(job.pk, at=LATER, with_heartbeat=False)
    job.refresh_from_db()
    return job


def test_an_ordered_lock_is_carried_out_in_the_name_of_who_agreed(
    counted: Edition, one: User, other: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ordered_lock(counted, one, other, reason="Alle har svart.")
    assert (job.state, job.current, job.total) == (JobState.QUEUED, 0, 1)

    job = done(job, monkeypatch)

    assert (job.state, job.current, job.total) == (JobState.DONE, 1, 1)
    counted.refresh_from_db()
    assert counted.phase == Phase.LOCKED
    line = AuditEvent.objects.get(action="edition.locked")
    assert (line.actor, line.at, line.detail["reason"]) == (other, LATER, "Alle har svart.")


def test_a_lock_that_is_there_already_is_as_good(
    counted: Edition, one: User, other: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ordered_lock(counted, one, other)
    lock_edition(edition_id=counted.pk, by=one, at=AT)

    assert done(job, monkeypatch).state == JobState.DONE
    assert AuditEvent.objects.get(action="edition.locked").actor == one


def test_a_lock_of_answers_that_have_changed_since_the_count_fails_and_says_so(
    counted: Edition, one: User, other: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ordered_lock(counted, one, other, reason="Vi rekker ikke mer.")
    Contact.objects.filter(code="c00001").update(review=ReviewState.SUBMITTED)

    job = done(job, monkeypatch)

    assert job.state == JobState.FAILED
    assert "Beregn" in job.error
    counted.refresh_from_db()
    assert counted.phase == Phase.REVIEW


def test_a_reason_given_with_the_wish_still_holds_in_the_job(counted: Edition, one: User, other: User) -> None:
    asked = ask_to_lock(edition_id=counted.pk, by=one, reason="Vi rekker ikke mer.", at=AT)
    agree_and_carry_out(request_id=asked.pk, by=other, at=AT)
    answered = Contact.objects.filter(edition=counted, outcome="answered").earliest("pk")
    ask_to_void(contact_id=answered.pk, reason="customer", note="Hun er kunde.", by=one, at=AT)

    run_job(Job.objects.get().pk, at=AT, with_heartbeat=False)

    counted.refresh_from_db()
    assert counted.phase == Phase.LOCKED


def test_three_presses_are_one_lock(counted: Edition, one: User) -> None:
    Edition.objects.update(viewers_needed=1)

    for _press in range(3):
        ask_to_lock(edition_id=counted.pk, by=one, reason="", at=AT)

    assert Job.objects.filter(kind="awards.lock_edition").count() == 1


def test_what_is_not_counted_is_refused_before_anybody_is_asked(one: User) -> None:
    edition = believable_edition(classes=1, participants=2, contacts=4)

    with pytest.raises(PublicationRefused, match="ikke beregnet"):
        ask_to_lock(edition_id=edition.pk, by=one, reason="", at=AT)

    assert not LeaderRequest.objects.exists()


def test_what_was_reviewed_or_annulled_after_the_count_is_refused_before_anybody_is_asked(
    counted: Edition, one: User
) -> None:
    Edition.objects.update(viewers_needed=1)
    ask_to_void(
        contact_id=Contact.objects.filter(edition=counted)[0].pk,
        by=one,
        reason=VoidReason.CUSTOMER,
        note="Kunde der",
        at=AT + dt.timedelta(minutes=1),
    )

    with pytest.raises(PublicationRefused, match="Beregn på nytt først"):
        ask_to_lock(edition_id=counted.pk, by=one, reason="", at=LATER)

    assert not Job.objects.exists()


def test_what_was_planned_is_noted_by_the_clock(locked: Edition, one: User, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule_publication(edition_id=locked.pk, publish_at=LATER, by=one, at=AT)
    monkeypatch.setattr("kundeservice.core.clock.now", lambda: LATER)

    publish_due()

    assert Publication.objects.get().published_at == LATER


def test_where_the_edition_asks_for_one_person_it_is_done_at_once(locked: Edition, one: User) -> None:
    Edition.objects.update(viewers_needed=1)

    wish(locked, one)

    locked.refresh_from_db()
    assert locked.phase == Phase.PUBLISHED


@pytest.mark.parametrize("shows_confidence", [True, False])
@pytest.mark.parametrize("publish_at", [None, LATER])
def test_results_are_published_as_asked_when_another_leader_agrees(
    locked: Edition, one: User, other: User, publish_at: dt.datetime | None, shows_confidence: bool
) -> None:
    make_study(run_id=locked.score_runs.get().pk, kind=StudyKind.CONFIDENCE, at=AT)
    asked = wish(locked, one, publish_at=publish_at, shows_confidence=shows_confidence)
    assert not Publication.objects.exists()

    agree_and_carry_out(request_id=asked.pk, by=other, at=AT)

    publication = Publication.objects.get()
    assert (publication.published_at, publication.publish_at) == (None if publish_at else AT, publish_at)
    assert publication.shows_confidence == shows_confidence
    line = AuditEvent.objects.filter(action__in=("edition.published", "publication.scheduled")).latest("pk")
    assert line.actor == other


def test_a_moment_that_passes_before_the_colleague_agrees_publishes_nothing(
    locked: Edition, one: User, other: User
) -> None:
    asked = wish(locked, one, publish_at=LATER)

    with pytest.raises(PublicationRefused, match="ikke har vært"):
        agree_and_carry_out(request_id=asked.pk, by=other, at=LATER)

    asked.refresh_from_db()
    assert asked.agreed_at is None
    assert not Publication.objects.exists()


def test_publishing_what_nobody_could_check_needs_a_reason(locked: Edition, one: User) -> None:
    with pytest.raises(ReasonNeeded, match="Ingen kan kontrollere resultatene") as refusal:
        wish(locked, one, reason=" ")

    assert "2 rapporter er ikke laget" in str(refusal.value)


def test_what_is_undone_is_counted_until_nothing_is(locked: Edition) -> None:
    run = locked.score_runs.get()
    unseen = ("unseen", 1)
    counted = [[("reports", 2), unseen], [("reports", 1), unseen], [unseen]]
    assert found_undone(locked) == counted.pop(0)
    for participant in locked.participants.all():
        Report.objects.create(run=run, participant=participant, state=ReportState.DONE)
        assert found_undone(locked) == counted.pop(0)


def test_what_waits_for_its_review_is_undone_too(counted: Edition) -> None:
    Contact.objects.filter(code="c00001").update(review=ReviewState.SUBMITTED)
    assert ("submitted", 1) in found_undone(counted)


def test_where_nothing_was_counted_no_report_is_missed() -> None:
    edition = believable_edition(classes=1, participants=2, contacts=4)
    assert found_undone(edition) == [("unseen", 1)]


def found_undone(edition: Edition) -> list[tuple[str, int]]:
    return [(part.kind, part.number) for part in undone_before_publication(edition)]


def test_what_becomes_undone_after_the_wish_is_told_to_the_colleague(counted: Edition, one: User, other: User) -> None:
    asked = ask_to_lock(edition_id=counted.pk, by=one, reason="", at=AT)
    Contact.objects.filter(code="c00001").update(review=ReviewState.SUBMITTED)

    with pytest.raises(RequestRefused, match="1 besvarelse venter på gjennomgang"):
        agree_and_carry_out(request_id=asked.pk, by=other, at=AT)

    assert not Job.objects.exists()


def test_nobody_publishes_what_is_not_locked(counted: Edition, one: User) -> None:
    with pytest.raises(PublicationRefused, match="Lås årgangen først"):
        wish(counted, one)


def test_a_wish_to_publish_ends_with_the_lock_it_was_made_under(locked: Edition, one: User, other: User) -> None:
    asked = wish(locked, one)
    unlocking = ask_to_unlock(edition_id=locked.pk, by=one, reason="Klage", at=AT)

    agree_and_carry_out(request_id=unlocking.pk, by=other, at=AT)

    asked.refresh_from_db()
    assert asked.withdrawn_at == AT
    assert AuditEvent.objects.get(action="seal.publish.withdrawn").actor == other


def test_a_wish_from_an_older_page_is_told_what_has_happened(counted: Edition, one: User) -> None:
    seen = gate_version(counted)
    ask_to_lock(edition_id=counted.pk, by=one, reason="", at=AT, seen=seen)

    with pytest.raises(ChangedMeanwhile, match="Ba om å låse årgangen"):
        ask_to_lock(edition_id=counted.pk, by=one, reason="", at=AT, seen=seen)
    lock_edition(edition_id=counted.pk, by=one, at=AT)
    with pytest.raises(ChangedMeanwhile, match="Låste årgangen"):
        wish(counted, one, seen=seen)


def test_an_answer_from_an_older_page_is_told_what_has_happened(locked: Edition, one: User, other: User) -> None:
    asked = wish(locked, one)
    seen = gate_version(locked)
    schedule_publication(edition_id=locked.pk, publish_at=LATER, by=other, at=AT)

    for answer in (agree_and_carry_out, withdraw_request):
        with pytest.raises(ChangedMeanwhile, match="Planla publiseringen"):
            answer(request_id=asked.pk, by=other, at=AT, seen=seen)
    with pytest.raises(ChangedMeanwhile, match="Planla publiseringen"):
        cancel_scheduled_publication(edition_id=locked.pk, by=one, at=AT, seen=seen)


def test_a_wish_to_see_or_to_lock_from_before_the_unlocking_waits_no_more(
    counted: Edition, one: User, other: User
) -> None:
    look = ask_to_view_results(edition_id=counted.pk, by=one, reason="Kontroll", at=AT)
    lock = ask_to_lock(edition_id=counted.pk, by=one, reason="", at=AT)
    lock_edition(edition_id=counted.pk, by=None, at=AT)
    unlocking = ask_to_unlock(edition_id=counted.pk, by=one, reason="Klage", at=AT)

    agree_and_carry_out(request_id=unlocking.pk, by=other, at=AT)

    for asked in (look, lock):
        asked.refresh_from_db()
        assert asked.withdrawn_at == AT
        with pytest.raises(RequestRefused, match="allerede behandlet"):
            agree_and_carry_out(request_id=asked.pk, by=other, at=AT)
    counted.refresh_from_db()
    assert not results_are_open(counted)
    assert AuditEvent.objects.filter(action="seal.view.withdrawn", actor=other).exists()
    ask_to_view_results(edition_id=counted.pk, by=one, reason="De nye", at=AT)
