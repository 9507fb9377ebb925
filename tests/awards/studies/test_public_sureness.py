"""How sure the results are is published only when the leader chooses to, and from the stored study only."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from awards.models import Publication, Study, StudyKind
from awards.publication.services.publishing import (
    lock_edition,
    publish_due_editions,
    publish_edition,
    schedule_publication,
)
from kundeservice.core.models import User
from scoring.models import ScoreRun
from scoring.services import count_edition
from surveys.models import Edition
from tests.conftest import ClientFactory
from tests.factories import AT, believable_edition
from tests.pages import seen_on

pytestmark = pytest.mark.django_db

LINE = "sikkert at"


def results(run: ScoreRun) -> str:
    return Client().get(f"/resultater/{run.edition.code}/").content.decode()


def test_nothing_is_said_unless_somebody_chose_to(run: ScoreRun) -> None:
    publish_edition(edition_id=run.edition_id, at=AT)

    assert LINE not in results(run)
    assert not Study.objects.exists()


def test_the_choice_makes_the_study_and_prints_it(run: ScoreRun) -> None:
    publish_edition(edition_id=run.edition_id, at=AT, shows_confidence=True)

    study = Study.objects.get(kind=StudyKind.CONFIDENCE)
    first = next(row for row in study.findings["participants"] if row["award_class"] == "bank")
    page = results(run)
    assert LINE in page
    assert f"mellom {first['interval']['low'].replace('.', ',')[:4]}" in page
    assert LINE in Client().get(f"/resultater/{run.edition.code}/bank/").content.decode()


@pytest.mark.parametrize(("participants", "is_told"), [(1, False), (2, True)])
def test_it_takes_two_in_a_class_to_be_sure_of_the_first(participants: int, is_told: bool) -> None:
    edition = believable_edition(classes=1, participants=participants, contacts=6)
    run = count_edition(edition_id=edition.pk, at=AT)
    publish_edition(edition_id=edition.pk, at=AT, shows_confidence=True)

    assert (LINE in results(run)) == is_told


def test_only_what_is_stored_is_printed(run: ScoreRun) -> None:
    publish_edition(edition_id=run.edition_id, at=AT, shows_confidence=True)
    Study.objects.all().delete()

    assert LINE not in results(run)


def test_the_choice_stands_when_the_clock_publishes(run: ScoreRun) -> None:
    evening = AT + dt.timedelta(hours=1)
    schedule_publication(edition_id=run.edition_id, publish_at=evening, by=None, at=AT, shows_confidence=True)

    publish_due_editions(at=evening)

    assert LINE in results(run)


def test_the_leader_ticks_it_in_the_form(run: ScoreRun, leader: User, client_for: ClientFactory) -> None:
    client = client_for(leader)

    Edition.objects.filter(pk=run.edition_id).update(viewers_needed=1)
    lock_edition(edition_id=run.edition_id, by=None, at=AT)
    results = f"/kontor/{run.edition.code}/resultater/"

    wish = {"when": "now", "shows_confidence": "on", "confirmed": "on", "reason": "Rapportene kommer etter."}
    client.post(f"{results}publiser/", {**wish, **seen_on(client, results)})

    assert Publication.objects.get().shows_confidence
