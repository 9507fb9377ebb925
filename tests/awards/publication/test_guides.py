"""Whose results the demonstration shows: somebody of the newest winner."""

from __future__ import annotations

import datetime as dt

import pytest

from awards.publication.queries.guides import winners_person
from awards.publication.services.publishing import publish_edition
from scoring.models import ParticipantScore
from scoring.services import count_edition
from surveys.models import Edition, ParticipantMember
from tests.factories import AT, believable_edition, make_person

pytestmark = pytest.mark.django_db


def published(code: str, *, at: dt.datetime) -> Edition:
    edition = believable_edition(code=code, classes=1, participants=2, contacts=4)
    count_edition(edition_id=edition.pk, at=at)
    publish_edition(edition_id=edition.pk, at=at)
    return edition


def test_before_anything_is_published_there_is_nobody() -> None:
    assert winners_person(AT) is None


def test_it_is_an_active_person_of_the_highest_place_that_has_one() -> None:
    edition = published("ksp-2022", at=AT)
    assert winners_person(AT) is None
    scores = ParticipantScore.objects.filter(run__edition=edition).order_by("-position")
    people = []
    for score in scores:
        people.append(make_person())
        ParticipantMember.objects.create(participant=score.participant, user=people[-1])
    second, first = people

    assert winners_person(AT) == first
    first.is_active = False
    first.save()
    assert winners_person(AT) == second


@pytest.mark.parametrize("made", [(("ksp-2021", 0), ("ksp-2022", 1)), (("ksp-2022", 1), ("ksp-2021", 0))])
def test_it_is_the_newest_edition_that_counts_whichever_was_entered_first(made: tuple[tuple[str, int], ...]) -> None:
    for code, later in made:
        edition = published(code, at=AT + dt.timedelta(days=later))
        for participant in edition.participants.all():
            ParticipantMember.objects.create(participant=participant, user=make_person())

    found = winners_person(AT + dt.timedelta(days=1))
    assert found is not None
    assert ParticipantMember.objects.get(user=found).participant.edition.code == "ksp-2022"
