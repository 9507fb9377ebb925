"""What keeps a participant from 100: every lost point is found again, exactly."""

from __future__ import annotations

from fractions import Fraction

import pytest

from awards.report.queries.evidence import Evidence, evidence_of
from scoring.queries.counts import RunOutdated
from scoring.services import count_edition
from surveys.models import Area, Channel, Contact, Edition, Outcome
from tests.factories import (
    AT,
    QUESTIONS,
    believable_edition,
    make_class,
    make_contact,
    make_edition,
    make_participant,
    make_questionnaire,
)

pytestmark = pytest.mark.django_db


def counted(edition: Edition) -> Evidence:
    return evidence_of(count_edition(edition_id=edition.pk, at=AT))


def test_the_losses_of_everybody_sum_to_what_is_missing_from_100() -> None:
    evidence = counted(believable_edition(classes=2, participants=3, contacts=12))

    for participant in evidence.participants.values():
        total = participant.figure("total")
        assert total is not None
        assert sum(participant.losses.values()) == 100 - total


def test_an_unanswered_contact_costs_its_whole_share_and_a_wrong_answer_its_weight() -> None:
    edition = make_edition(min_counted=1)
    make_questionnaire(edition)
    participant = make_participant(make_class(edition), code="fjord")
    make_contact(participant, quality=0, wait=60)
    make_contact(participant, quality=None)
    make_contact(participant, Channel.TELEPHONE, quality=0, wait=180)

    losses = counted(edition).participants["fjord"].losses

    # A third of the contacts is lost; a wait worth 60 of 100 loses 40 · 5 % = 2 of its contact's 100 points.
    assert losses == {"no_answer": Fraction(100, 3), "wait": Fraction(2, 3)}


def test_tallies_count_answers_and_points() -> None:
    edition = make_edition(min_counted=1)
    make_questionnaire(edition)
    participant = make_participant(make_class(edition), code="fjord")
    for quality in (0, 1, 1, None):
        make_contact(participant, quality=quality, wait=60)

    tally = counted(edition).participants["fjord"].tallies["met"]

    assert (tally.asked, tally.chosen) == (3, {"warm": 1, "routine": 2})
    assert (tally.obtained, tally.possible, tally.score) == (Fraction(4), Fraction(6), Fraction(200, 3))


def test_a_question_that_was_not_applicable_has_no_score() -> None:
    edition = make_edition(min_counted=1)
    make_questionnaire(edition)
    participant = make_participant(make_class(edition), code="fjord")
    make_contact(participant, quality=2, wait=60)

    tally = counted(edition).participants["fjord"].tallies["fits"]

    assert (tally.asked, tally.chosen, tally.score) == (1, {"na": 1}, None)


def test_every_question_lost_carries_the_weight_of_its_area() -> None:
    edition = make_edition(min_counted=1)
    make_questionnaire(edition)
    participant = make_participant(make_class(edition), code="fjord")
    make_contact(participant, quality=2, wait=60)

    losses = counted(edition).participants["fjord"].losses

    welcome = [losses[code] for code, area, *_rest in QUESTIONS if area == Area.WELCOME]
    assert welcome == [5, 5, 5]
    assert sum(losses.values()) == 95


def test_answers_that_were_changed_after_the_count_are_refused() -> None:
    edition = believable_edition(classes=1, participants=1, contacts=3)
    run = count_edition(edition_id=edition.pk, at=AT)
    contact = Contact.objects.filter(edition=edition, outcome=Outcome.NO_ANSWER).first() or Contact.objects.first()
    assert contact is not None
    contact.answers.all().delete()
    Contact.objects.filter(pk=contact.pk).update(outcome=Outcome.VOID, wait=None)

    with pytest.raises(RunOutdated):
        evidence_of(run)
