"""Nothing of an unpublished result is seen in the office before the seal is opened; no command tells it unlogged."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from awards.models import Report, ReportState, StudyKind
from awards.publication.services.publishing import lock_edition, publish_edition
from awards.report.services import ensure_report
from awards.studies.services import make_study
from kundeservice.core.models import AuditEvent, User
from scoring.models import ParticipantScore, ScoreRun
from scoring.services import count_edition
from surveys.models import Edition, LeaderRequest
from surveys.services import note_look
from tests.awards.studies.conftest import assign_shoppers, open_seal
from tests.conftest import OSLO, TINY_EDITION, ClientFactory
from tests.factories import AT, believable_edition, make_edition

pytestmark = pytest.mark.django_db

CANARY = Decimal("97.31")
SHOWN = ("97,3", "97.3", "9731/100")
LEADER_PAGES = (
    "", "resultater/", "logg/", "plan/", "deltakere/", "gjennomgang/", "pakke/", "resultater/sikkerhet/",
    "resultater/strenghet/", "resultater/nuller/", "resultater/sammenlikn/", "resultater/hva-om/c00001/",
    "resultater/bank-1/hvorfor/", "resultater/bank-1/rapport.pdf",
)  # fmt: skip


@pytest.fixture
def office(client_for: ClientFactory, leader: User) -> Client:
    return client_for(leader)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> ScoreRun:
    """A locked edition with studies and a report, in which the winner has a total that stands nowhere else.

    No answers come to that total, so the lock is kept from making sure that they do.
    """
    monkeypatch.setattr("awards.publication.services.publishing.count_differences", lambda *_: ())
    edition = believable_edition(classes=2, participants=3)
    assign_shoppers(edition)
    run = count_edition(edition_id=edition.pk, at=AT)
    for score in run.participant_scores.filter(participant__code="bank-1"):
        ParticipantScore.objects.filter(pk=score.pk).update(total=CANARY, exact={**score.exact, "total": "9731/100"})
    for kind in StudyKind:
        make_study(run_id=run.pk, kind=kind, at=AT)
    report = ensure_report(run_id=run.pk, participant_code="bank-1")
    Report.objects.filter(pk=report.pk).update(state=ReportState.DONE, sha256="0" * 64)
    lock_edition(edition_id=edition.pk, by=None, at=AT)
    return ScoreRun.objects.select_related("edition").get(pk=run.pk)


def read(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    return headers + (response.getvalue() if response.streaming else response.content).decode("utf-8", "replace")


def leaks(client: Client, edition: Edition) -> Iterator[str]:
    for page in LEADER_PAGES:
        for language in ("", "/en"):
            address = f"{language}/kontor/{edition.code}/{page}"
            said = read(client, address)
            if any(secret in said for secret in SHOWN):
                yield address


def test_no_page_of_the_office_tells_a_total_before_the_seal_is_opened(office: Client, run: ScoreRun) -> None:
    assert list(leaks(office, run.edition)) == []


def test_a_request_that_nobody_has_agreed_to_opens_nothing(office: Client, run: ScoreRun) -> None:
    office.post(f"/kontor/{run.edition.code}/segl/", {"kind": "view", "reason": "Lage manus til kvelden"})

    assert LeaderRequest.objects.filter(agreed_at__isnull=True).count() == 1
    assert list(leaks(office, run.edition)) == []


def test_the_same_search_finds_it_when_two_people_have_opened_the_seal(office: Client, run: ScoreRun) -> None:
    open_seal(run.edition)

    found = set(leaks(office, run.edition))

    for page in ("resultater/", "resultater/sikkerhet/"):
        assert f"/kontor/{run.edition.code}/{page}" in found
    assert f"/kontor/{run.edition.code}/logg/" not in found


def test_the_log_tells_what_was_seen_and_never_what_it_said(
    office: Client, run: ScoreRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_seal(run.edition)
    for day, page in enumerate(LEADER_PAGES):
        monkeypatch.setattr("kundeservice.core.clock.now", lambda day=day: AT + dt.timedelta(days=day))
        read(office, f"/kontor/{run.edition.code}/{page}")

    seen = list(AuditEvent.objects.filter(action="results.seen").values_list("detail", flat=True))

    whats = {detail["what"] for detail in seen}
    assert {"results", "confidence", "severity", "zeros", "comparison", "what if", "explanation bank-1"} <= whats
    assert not [detail for detail in seen if any(secret in str(detail) for secret in SHOWN)]


def test_a_days_looks_of_one_person_are_one_line(
    run: ScoreRun, leader: User, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_seal(run.edition)
    evening = dt.datetime(2027, 2, 2, 23, 50, tzinfo=OSLO)
    for minutes in (0, 5, 9, 15):
        note_look(edition_id=run.edition_id, by=leader, at=evening + dt.timedelta(minutes=minutes), what="results")
    note_look(edition_id=run.edition_id, by=reviewer, at=evening, what="zeros")
    lines = AuditEvent.objects.filter(action="results.seen").order_by("pk").values_list("actor", "at__day")
    assert list(lines) == [(leader.pk, 2), (leader.pk, 3), (reviewer.pk, 2)]


def test_a_day_begins_at_midnight_and_each_edition_has_its_own(run: ScoreRun, leader: User) -> None:
    other = make_edition("ksp-2031")
    midnight = dt.datetime(2027, 2, 2, tzinfo=OSLO)
    for edition_id in (run.edition_id, other.pk):
        for later in (dt.timedelta(0), dt.timedelta(hours=23, minutes=59)):
            note_look(edition_id=edition_id, by=leader, at=midnight + later, what="results")
    subjects = AuditEvent.objects.filter(action="results.seen").order_by("pk").values_list("subject", flat=True)
    assert list(subjects) == [run.edition.code, "ksp-2031"]


# ---- commands --------------------------------------------------------------------------------------------------------


def looks() -> list[tuple[str, str]]:
    found = AuditEvent.objects.filter(action="results.seen").order_by("pk")
    return [(event.subject, event.detail["what"]) for event in found]


@pytest.fixture
def _counted() -> None:
    call_command("import_edition", str(TINY_EDITION), stdout=io.StringIO())
    call_command("score_edition", "tiny-2022", stdout=io.StringIO())


@pytest.mark.usefixtures("_counted")
def test_every_export_of_results_before_publication_is_logged() -> None:
    for _turn in range(2):
        call_command("export_results", "tiny-2022", stdout=io.StringIO())

    assert looks() == [("tiny-2022", "export_results")] * 2


@pytest.mark.usefixtures("_counted")
def test_a_verification_that_tells_figures_is_logged() -> None:
    ParticipantScore.objects.update(rank_overall=1)

    with pytest.raises(CommandError, match="rank_overall"):
        call_command("verify_edition", "tiny-2022", stdout=io.StringIO())

    assert looks() == [("tiny-2022", "verify_edition")]


@pytest.mark.usefixtures("_counted", "warm_press")
def test_reports_made_from_the_command_line_are_logged(tmp_path: Path) -> None:
    call_command("render_reports", "tiny-2022", "--participant", "lyskraft", "--output", str(tmp_path))

    assert (tmp_path / "lyskraft.pdf").is_file()
    assert looks() == [("tiny-2022", "render_reports lyskraft")]


@pytest.mark.usefixtures("_counted")
def test_what_is_published_may_be_exported_without_a_line() -> None:
    edition = Edition.objects.get(code="tiny-2022")
    publish_edition(edition_id=edition.pk, at=AT)

    call_command("export_results", "tiny-2022", stdout=io.StringIO())

    assert looks() == []
