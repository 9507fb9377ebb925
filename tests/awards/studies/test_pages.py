"""The pages about how sure, how strict, which zeros and what moved: behind the seal, logged, and in few queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from awards.models import StudyKind
from awards.studies.services import make_study
from kundeservice.core.models import AuditEvent, User
from scoring.models import ScoreRun
from scoring.services import count_edition
from surveys.models import Contact, Edition, LeaderRequest, Phase
from tests.awards.studies.conftest import assign_shoppers, open_seal
from tests.conftest import ClientFactory
from tests.factories import AT, believable_edition

pytestmark = pytest.mark.django_db

PAGES = ("sikkerhet", "strenghet", "nuller", "sammenlikn")
QUERIES = {"sikkerhet": 11, "strenghet": 14, "nuller": 13, "sammenlikn": 23, "hva-om/c00001": 18}


@pytest.fixture
def office(client_for: ClientFactory, leader: User) -> Client:
    return client_for(leader)


def address(edition: Edition, page: str) -> str:
    return f"/kontor/{edition.code}/resultater/{page}/"


def make_all(run: ScoreRun) -> None:
    for kind in StudyKind:
        make_study(run_id=run.pk, kind=kind, at=AT)


@pytest.mark.parametrize("place", [*PAGES, "hva-om/c00001"])
def test_a_closed_seal_shows_nothing_and_leaves_no_trace(office: Client, run: ScoreRun, place: str) -> None:
    make_all(run)
    LeaderRequest.objects.all().delete()

    response = office.get(address(run.edition, place))

    assert response.status_code == 302
    assert not AuditEvent.objects.filter(action="results.seen").exists()


@pytest.mark.parametrize("place", [*PAGES, "hva-om/c00001"])
def test_every_look_before_publication_is_logged(office: Client, run: ScoreRun, leader: User, place: str) -> None:
    make_all(run)

    assert office.get(address(run.edition, place)).status_code == 200

    seen = AuditEvent.objects.get(action="results.seen")
    assert (seen.actor, seen.subject) == (leader, run.edition.code)


def test_what_is_published_may_be_looked_at_without_a_line(office: Client, run: ScoreRun) -> None:
    make_all(run)
    Edition.objects.update(phase=Phase.PUBLISHED)

    for place in PAGES:
        assert office.get(address(run.edition, place)).status_code == 200
    assert not AuditEvent.objects.filter(action="results.seen").exists()


@pytest.mark.parametrize(("place", "kind"), zip(PAGES[:3], StudyKind.values, strict=True))
def test_a_study_that_is_not_made_can_be_asked_for_and_is_waited_for_there(
    office: Client, run: ScoreRun, place: str, kind: str
) -> None:
    answer = office.get(address(run.edition, place)).content.decode()

    assert f'action="/kontor/{run.edition.code}/resultater/undersok/"' in answer
    assert f'name="kind" value="{kind}"' in answer
    assert office.post(address(run.edition, "undersok"), {"kind": kind})["Location"] == address(run.edition, place)


@pytest.mark.parametrize("given", ["", "results", "//evil.example"])
def test_studies_asked_for_elsewhere_lead_to_the_results(office: Client, run: ScoreRun, given: str) -> None:
    answer = office.post(address(run.edition, "undersok"), {"kind": given})
    assert answer["Location"] == f"/kontor/{run.edition.code}/resultater/"


def test_the_results_lead_to_the_studies_only_when_the_seal_is_open(office: Client, run: ScoreRun) -> None:
    results = f"/kontor/{run.edition.code}/resultater/"

    assert address(run.edition, "sikkerhet") in office.get(results).content.decode()

    LeaderRequest.objects.all().delete()
    assert address(run.edition, "sikkerhet") not in office.get(results).content.decode()


def test_before_and_after_an_appeal_the_contact_that_moved_it_is_named(office: Client, run: ScoreRun) -> None:
    contact = run.edition.contacts.filter(outcome="no_answer").order_by("code")[0]
    Contact.objects.filter(pk=contact.pk).update(outcome="void")
    count_edition(edition_id=run.edition_id, at=AT)

    answer = office.get(address(run.edition, "sammenlikn")).content.decode()

    assert contact.code in answer
    assert "teller ikke lenger" in answer
    assert answer.count("<details") >= 1


def test_what_if_says_what_striking_it_out_would_do_and_changes_nothing(office: Client, run: ScoreRun) -> None:
    contact = run.edition.contacts.filter(outcome="no_answer").order_by("code")[0]

    answer = office.get(address(run.edition, f"hva-om/{contact.code}")).content.decode()

    assert contact.participant.name.replace("&", "&amp;") in answer
    assert "teller ikke lenger" in answer
    contact.refresh_from_db()
    assert (contact.outcome, ScoreRun.objects.count()) == ("no_answer", 1)


def test_what_if_of_a_contact_that_is_not_there_is_not_there(office: Client, run: ScoreRun) -> None:
    assert office.get(address(run.edition, "hva-om/c99999")).status_code == 404


def test_two_counts_that_are_alike_are_called_alike(office: Client, run: ScoreRun) -> None:
    count_edition(edition_id=run.edition_id, at=AT)

    assert "like til siste siffer" in office.get(address(run.edition, "sammenlikn")).content.decode()


def test_a_single_count_has_nothing_to_choose_between(office: Client, run: ScoreRun) -> None:
    open_seal(run.edition)
    page = office.get(address(run.edition, "sammenlikn")).content.decode()
    assert "Bare én beregning" in page
    assert 'name="fra"' not in page


def test_a_sealed_edition_cannot_be_seen_from_an_open_ones_comparison(office: Client, run: ScoreRun) -> None:
    other = believable_edition(code="ksp-2023", participants=2, winner="ZZHEMMELIG")
    hidden = count_edition(edition_id=other.pk, at=AT)

    answer = office.get(address(run.edition, "sammenlikn"), {"til": hidden.pk}).content.decode()

    assert "ZZHEMMELIG" not in answer
    assert other.name not in answer


def test_two_years_are_compared_by_participant(office: Client, run: ScoreRun) -> None:
    other = believable_edition(code="ksp-2023", seed=2)
    open_seal(other)
    newer = count_edition(edition_id=other.pk, at=AT)

    answer = office.get(address(other, "sammenlikn"), {"fra": run.pk, "til": newer.pk}).content.decode()

    assert "kan ikke sammenliknes mellom disse to" in answer
    assert "Totalresultat" in answer


def test_a_look_at_two_years_is_logged_for_both(office: Client, run: ScoreRun) -> None:
    other = believable_edition(code="ksp-2023", seed=2)
    open_seal(other)
    newer = count_edition(edition_id=other.pk, at=AT)

    office.get(address(run.edition, "sammenlikn"), {"fra": run.pk, "til": newer.pk})

    seen = AuditEvent.objects.filter(action="results.seen").values_list("subject", "detail__what")
    assert sorted(seen) == [(run.edition.code, "comparison"), (other.code, "comparison")]


@pytest.mark.parametrize("side", ["fra", "til"])
def test_a_comparison_with_a_sealed_edition_is_refused_and_leaves_no_line_of_it(
    office: Client, run: ScoreRun, side: str
) -> None:
    other = believable_edition(code="ksp-2023", participants=2)
    hidden = count_edition(edition_id=other.pk, at=AT)

    response = office.get(address(run.edition, "sammenlikn"), {side: hidden.pk})

    assert hidden not in (response.context["before"], response.context["after"])
    assert not AuditEvent.objects.filter(action="results.seen", subject=other.code).exists()


@pytest.mark.parametrize("classes", [1, 3])
@pytest.mark.parametrize("place", QUERIES)
def test_a_page_costs_the_same_queries_with_one_row_or_three(
    client_for: ClientFactory, leader: User, place: str, classes: int
) -> None:
    edition = believable_edition(classes=classes, participants=2 * classes)
    assign_shoppers(edition)
    open_seal(edition)
    run = count_edition(edition_id=edition.pk, at=AT)
    make_all(run)
    if place == "sammenlikn":
        Contact.objects.filter(outcome="no_answer").update(review="returned")
        count_edition(edition_id=edition.pk, at=AT)
    client = client_for(leader)
    client.get("/kontor/")

    with CaptureQueriesContext(connection) as asked:
        assert client.get(address(edition, place)).status_code == 200

    assert len(asked) == QUERIES[place]
