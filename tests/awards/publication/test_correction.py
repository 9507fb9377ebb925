"""An edition opened for change: what was planned is taken back, what was published stays until it is corrected."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from awards.models import Publication
from awards.publication.queries.public import published_results
from awards.publication.services.gates import agree_and_carry_out
from awards.publication.services.publishing import (
    PublicationRefused,
    lock_edition,
    publish_due_editions,
    publish_edition,
    schedule_publication,
)
from kundeservice.core.models import AuditEvent, Role, User
from scoring.services import count_edition
from surveys.models import Edition, LeaderRequest, Phase
from surveys.services import ask_to_unlock
from tests.conftest import ClientFactory
from tests.factories import AT, believable_edition, lose_an_answer, make_person
from tests.pages import seen_on

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=7)


@pytest.fixture
def edition() -> Edition:
    found = believable_edition(classes=1, participants=2, contacts=4)
    count_edition(edition_id=found.pk, at=AT)
    return found


def unlock(edition: Edition) -> None:
    asked = ask_to_unlock(edition_id=edition.pk, by=make_person(Role.LEADER), reason="Klage fra en deltaker", at=AT)
    agree_and_carry_out(request_id=asked.pk, by=make_person(Role.LEADER), at=AT)
    edition.refresh_from_db()


def acts(edition: Edition) -> list[str]:
    return list(AuditEvent.objects.filter(subject=edition.code).order_by("pk").values_list("action", flat=True))


def test_what_is_opened_for_change_is_no_longer_planned_to_be_published(edition: Edition) -> None:
    schedule_publication(edition_id=edition.pk, publish_at=LATER, by=None, at=AT)
    unlock(edition)

    assert publish_due_editions(at=LATER) == ()
    assert not Publication.objects.exists()
    assert acts(edition)[-2:] == ["edition.unlocked", "publication.cancelled"]


def test_a_plan_that_was_left_publishes_nothing_while_the_edition_is_open(edition: Edition) -> None:
    """The time comes while answers are being corrected, and the count happens to be of the answers as they are."""
    schedule_publication(edition_id=edition.pk, publish_at=LATER, by=None, at=AT)
    plan = Publication.objects.get()
    unlock(edition)
    Publication.objects.bulk_create([plan])

    assert publish_due_editions(at=LATER) == ()


def test_published_results_stay_until_their_correction_is_published(edition: Edition) -> None:
    first = publish_edition(edition_id=edition.pk, at=AT).run
    unlock(edition)
    lose_an_answer(edition)
    second = count_edition(edition_id=edition.pk, at=LATER)
    lock_edition(edition_id=edition.pk, by=None, at=LATER)

    before = published_results(edition.code, at=LATER)
    assert (before.edition.run_id, before.edition.corrected_at) == (first.pk, None)

    publish_edition(edition_id=edition.pk, at=LATER)
    after = published_results(edition.code, at=LATER)
    assert (after.edition.run_id, after.edition.published_at, after.edition.corrected_at) == (second.pk, AT, LATER)
    assert "edition.corrected" in acts(edition)[-2:], "the reports of the new count are ordered beside it"


def test_an_unlocking_that_changed_nothing_is_no_correction(edition: Edition) -> None:
    publish_edition(edition_id=edition.pk, at=AT)
    unlock(edition)

    publish_edition(edition_id=edition.pk, at=LATER)

    edition.refresh_from_db()
    assert edition.phase == Phase.PUBLISHED
    assert published_results(edition.code, at=LATER).edition.corrected_at is None


def test_a_correction_is_published_at_once_and_not_planned(edition: Edition) -> None:
    publish_edition(edition_id=edition.pk, at=AT)
    unlock(edition)

    with pytest.raises(PublicationRefused, match="med en gang"):
        schedule_publication(edition_id=edition.pk, publish_at=LATER, by=None, at=AT)


def test_a_correction_is_made_in_the_office_and_told_to_the_world(
    edition: Edition, leader: User, client_for: ClientFactory, client: Client
) -> None:
    office = client_for(leader)
    results = reverse("office:results", args=[edition.code])
    publish_edition(edition_id=edition.pk, at=AT)
    unlock(edition)
    lose_an_answer(edition)
    assert "står som de var" in office.get(results).content.decode()
    count_edition(edition_id=edition.pk, at=LATER)
    lock_edition(edition_id=edition.pk, by=None, at=LATER)
    page = office.get(results).content.decode()
    assert "Publiser rettelsen" in page
    assert "Klokkeslett" not in page
    public = reverse("public:results", args=[edition.code])
    assert "rettet" not in client.get(public).content.decode()

    wish = {"confirmed": "on", "reason": "Rapportene kommer etter.", **seen_on(office, results)}
    office.post(reverse("office:publish", args=[edition.code]), wish)
    assert "rettet" not in client.get(public).content.decode(), "a colleague has not agreed"
    agree_and_carry_out(request_id=LeaderRequest.objects.get(kind="publish").pk, by=make_person(Role.LEADER), at=LATER)

    assert "rettet" in client.get(public).content.decode()
    assert "Publiser rettelsen" not in office.get(results).content.decode()
