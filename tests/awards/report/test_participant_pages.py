"""What a participant's own people are told about their report."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from awards.models import Report, ReportState
from awards.publication.services.gates import agree_and_carry_out
from awards.publication.services.publishing import publish_edition
from awards.report.queries.portal import own_results
from awards.report.services import ensure_report
from kundeservice.core.models import Role, User
from scoring.models import ScoreRun
from scoring.services import count_edition
from surveys.models import ParticipantMember
from surveys.services import ask_to_unlock
from tests.conftest import ClientFactory
from tests.factories import AT, believable_edition, make_person

pytestmark = pytest.mark.django_db

MADE = "Rapporten lages nå"
CORRECTED = "Resultatene blir rettet"


@pytest.fixture
def run(participant_person: User) -> ScoreRun:
    """A published edition without reports, in which the person takes part."""
    edition = believable_edition(classes=1, participants=2, contacts=3)
    ParticipantMember.objects.create(participant=edition.participants.get(code="bank-1"), user=participant_person)
    count_edition(edition_id=edition.pk, at=AT)
    return publish_edition(edition_id=edition.pk, at=AT).run


@pytest.fixture
def portal(participant_person: User, client_for: ClientFactory) -> Client:
    return client_for(participant_person)


def unlock(run: ScoreRun) -> None:
    asked = ask_to_unlock(edition_id=run.edition_id, by=make_person(Role.LEADER), reason="Klage", at=AT)
    agree_and_carry_out(request_id=asked.pk, by=make_person(Role.LEADER), at=AT)


def home(portal: Client) -> str:
    return portal.get(reverse("participant:home")).content.decode()


def test_a_report_that_is_being_made_is_said_to_be(portal: Client, run: ScoreRun) -> None:
    assert MADE in home(portal)
    assert CORRECTED not in home(portal)


def test_no_report_is_promised_while_the_results_are_open_for_change(
    portal: Client, participant_person: User, run: ScoreRun, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    unlock(run)

    assert MADE not in home(portal)
    assert CORRECTED in home(portal)
    with django_assert_max_num_queries(5):
        own_results(participant_person, at=AT)


def test_a_report_that_is_there_is_given_while_the_results_are_open_for_change(portal: Client, run: ScoreRun) -> None:
    report = ensure_report(run_id=run.pk, participant_code="bank-1")
    Report.objects.filter(pk=report.pk).update(state=ReportState.DONE, sha256="0" * 64)
    unlock(run)

    assert "Last ned rapporten" in home(portal)
    assert CORRECTED not in home(portal)


def test_an_english_page_says_that_the_report_is_norwegian(portal: Client, run: ScoreRun) -> None:
    report = ensure_report(run_id=run.pk, participant_code="bank-1")
    Report.objects.filter(pk=report.pk).update(state=ReportState.DONE, sha256="0" * 64)

    assert "The report is in Norwegian." in portal.get("/en/deltaker/").content.decode()
    assert "Rapporten er på norsk." not in home(portal)
