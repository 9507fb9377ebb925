"""Where there is no study of severity the page says why, and the other studies are made all the same."""

from __future__ import annotations

import pytest

from awards.models import Study, StudyKind
from awards.studies import services as studies
from awards.studies.services import SHORTAGES, order_studies
from kundeservice.core.jobs import run_job
from kundeservice.core.models import Job, JobState, User
from scoring.engine.severity import Shortage
from scoring.engine.severity import model as severity_model
from scoring.models import ContactScores, ScoreRun
from shoppers.models import Assignment, Shopper
from tests.conftest import ClientFactory
from tests.factories import AT

pytestmark = pytest.mark.django_db

OTHERS = {StudyKind.CONFIDENCE, StudyKind.ZEROS}


def order(run: ScoreRun) -> Job:
    job = order_studies(run_id=run.pk, by=None, at=AT)
    run_job(job.pk, at=AT, with_heartbeat=False)
    job.refresh_from_db()
    return job


def severity_page(run: ScoreRun, client_for: ClientFactory, leader: User) -> str:
    page = client_for(leader).get(f"/kontor/{run.edition.code}/resultater/strenghet/")
    return page.content.decode()


def test_a_shopper_for_each_participant_cannot_be_told_from_them(
    run: ScoreRun, client_for: ClientFactory, leader: User
) -> None:
    for number, participant in enumerate(run.edition.participants.all()):
        own = Shopper.objects.create(
            edition=run.edition, code=f"x{number}", name=f"X{number}", email=f"x{number}@example.test", max_contacts=99
        )
        Assignment.objects.filter(contact__participant=participant).update(shopper=own)

    job = order(run)

    assert (job.state, set(Study.objects.values_list("kind", flat=True))) == (JobState.FAILED, OTHERS)
    assert str(SHORTAGES[Shortage.CROSSING]) in severity_page(run, client_for, leader)


def test_scores_that_are_all_alike_have_no_spread(run: ScoreRun, client_for: ClientFactory, leader: User) -> None:
    kept = ContactScores.objects.get(run=run)
    for cells in kept.exact.values():
        cells[3] = "80/1" if cells[2] else cells[3]
    kept.save()

    job = order(run)

    assert (job.state, set(Study.objects.values_list("kind", flat=True))) == (JobState.FAILED, OTHERS)
    assert str(SHORTAGES[Shortage.VARIATION]) in severity_page(run, client_for, leader)


def test_an_edition_beyond_the_fit_is_refused_with_its_size(
    run: ScoreRun, client_for: ClientFactory, leader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(severity_model, "MAX_LEVELS", 20)

    order(run)

    assert set(Study.objects.values_list("kind", flat=True)) == OTHERS
    page = severity_page(run, client_for, leader)
    assert "Årgangen er for stor: den har" in page
    assert "undersøkelsen greier 20" in page


def test_a_study_that_breaks_down_holds_back_no_other(run: ScoreRun, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_given: object, **_named: object) -> None:
        raise FloatingPointError("nothing anybody thought of")

    monkeypatch.setattr(studies, "study_severity", break_down)

    with pytest.raises(FloatingPointError):
        order(run)

    assert set(Study.objects.values_list("kind", flat=True)) == OTHERS


def test_every_shortage_has_its_sentence() -> None:
    assert set(SHORTAGES) == set(Shortage)
