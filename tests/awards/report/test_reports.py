"""Making reports: a row each, files by content, failures that stay alone, batches that survive being killed."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from awards.models import Report, ReportState
from awards.report.document.press import Press
from awards.report.services import (
    BatchCount,
    ReportMissing,
    ensure_report,
    order_reports,
    queue_reports,
    release_orphans,
    render_batch,
    render_report,
    report_path,
    reports_folder,
)
from kundeservice.core.models import Job, JobState
from scoring.models import ScoreRun
from scoring.services import count_edition
from surveys.models import Comment
from tests.factories import AT, believable_edition
from tests.pdfs import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path, warm_press: Press) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def run() -> ScoreRun:
    edition = believable_edition(classes=1, participants=2, contacts=4)
    return count_edition(edition_id=edition.pk, at=AT)


def make_all(run: ScoreRun) -> BatchCount:
    order_reports(run_id=run.pk)
    return render_batch(run_id=run.pk, clock=lambda: AT, on_progress=lambda _count: None)


def test_everybody_gets_a_report_kept_under_the_sum_of_its_content(run: ScoreRun) -> None:
    assert make_all(run) == BatchCount(total=2, done=2, failed=0)

    for report in Report.objects.select_related("participant"):
        content = report_path(report).read_bytes()
        assert (report.sha256, report.size) == (hashlib.sha256(content).hexdigest(), len(content))
        assert report.finished_at == AT
        assert report.participant.name in text_of(content)
    assert len(list(reports_folder().iterdir())) == 2


def test_a_batch_that_is_done_makes_nothing_again(run: ScoreRun) -> None:
    make_all(run)
    before = list(Report.objects.order_by("pk").values())

    assert make_all(run) == BatchCount(total=2, done=2, failed=0)

    assert list(Report.objects.order_by("pk").values()) == before


def test_the_same_answers_make_the_same_bytes(run: ScoreRun) -> None:
    row = ensure_report(run_id=run.pk, participant_code="bank-1")
    first = render_report(report_id=row.pk, at=AT).sha256

    again = render_report(report_id=row.pk, at=AT + dt.timedelta(days=1))

    assert (again.sha256, again.attempt) == (first, 2)
    assert len(list(reports_folder().iterdir())) == 1


def test_progress_counts_the_rows_that_are_done(run: ScoreRun) -> None:
    told: list[tuple[int, int]] = []
    order_reports(run_id=run.pk)

    render_batch(run_id=run.pk, clock=lambda: AT, on_progress=lambda count: told.append((count.done, count.total)))

    assert told[0] == (0, 2)
    assert told[-1] == (2, 2)
    assert told == sorted(told)


def test_one_that_cannot_be_set_fails_alone_with_its_reason(run: ScoreRun, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Press.typeset

    def set_all_but_one(press: Press, html: str) -> bytes:
        link = "</title><link rel=stylesheet href=http://127.0.0.1:9/x.css>"
        return real(press, html.replace("</title>", link, 1) if f"<title>{victim}" in html else html)

    victim = run.participant_scores.select_related("participant")[1].participant.name
    monkeypatch.setattr(Press, "typeset", set_all_but_one)

    assert make_all(run) == BatchCount(total=2, done=1, failed=1)
    failed = Report.objects.get(state=ReportState.FAILED)
    assert failed.participant.name == victim
    assert "refused: http://127.0.0.1:9/x.css" in failed.error

    monkeypatch.undo()
    assert make_all(run) == BatchCount(total=2, done=2, failed=0)


def test_a_file_that_is_gone_is_made_again(run: ScoreRun) -> None:
    make_all(run)
    report = Report.objects.order_by("pk")[0]
    report_path(report).unlink()
    with pytest.raises(ReportMissing):
        report_path(report)

    make_all(run)

    assert report_path(report).is_file()


def test_a_report_whose_maker_died_is_made_by_the_next_batch(run: ScoreRun) -> None:
    order_reports(run_id=run.pk)
    Report.objects.filter(participant__code="bank-2").update(state=ReportState.RENDERING, claimed_at=AT, attempt=1)
    assert make_all(run).done == 1

    assert release_orphans(job_id=0, run_id=run.pk) == 1

    assert make_all(run).done == 2
    assert Report.objects.get(participant__code="bank-2").attempt == 2


def test_ordering_reports_twice_makes_one_batch(run: ScoreRun, settings: Settings) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = False
    first = queue_reports(run_id=run.pk, by=None, at=AT)

    assert queue_reports(run_id=run.pk, by=None, at=AT) == first

    assert (first.kind, first.subject, first.total) == ("awards.render_reports", "ksp-2022", 2)
    assert first.payload == {"run": run.pk}


def test_the_job_makes_them_all(
    run: ScoreRun, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = queue_reports(run_id=run.pk, by=None, at=AT)

    job = Job.objects.get(pk=job.pk)
    assert (job.state, job.current, job.total, job.error) == (JobState.DONE, 2, 2, "")
    assert Report.objects.filter(state=ReportState.DONE).count() == 2


def test_the_command_makes_one_or_all_and_copies_them(run: ScoreRun, tmp_path: Path) -> None:
    call_command("render_reports", "ksp-2022", "--participant", "bank-1", "--output", str(tmp_path / "one"))
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["bank-1.pdf"]

    call_command("render_reports", "ksp-2022", "--output", str(tmp_path / "all"), stdout=io.StringIO())
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == ["bank-1.pdf", "bank-2.pdf"]

    with pytest.raises(CommandError, match="ingen deltaker"):
        call_command("render_reports", "ksp-2022", "--participant", "nobody")


def test_the_command_refuses_answers_that_were_not_counted(run: ScoreRun) -> None:
    Comment.objects.all().delete()  # comments count for nothing
    run.edition.contacts.update(review="returned")

    with pytest.raises(CommandError, match="score_edition på nytt"):
        call_command("render_reports", "ksp-2022")
