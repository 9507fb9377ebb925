"""What is asked of a count is answered by the limits it was counted with, whatever the edition's have become."""

from __future__ import annotations

import pytest
from django.test import Client

from awards.models import StudyKind
from awards.studies.queries.comparison import without_contact
from awards.studies.queries.zeros import ZeroRow, ZerosPage, read_zeros
from awards.studies.services import StudyRefused, make_study
from kundeservice.core.models import User
from scoring.models import ScoreRun
from scoring.services import count_edition
from surveys.models import Contact, Edition
from tests.awards.studies.conftest import open_seal
from tests.conftest import ClientFactory
from tests.factories import AT, believable_edition

pytestmark = pytest.mark.django_db

CONTACTS = 8
ZERO = "c00001"


@pytest.fixture
def tight(db: None) -> Edition:
    """Every participant has just enough contacts to be ranked, and one of the winner's is a zero."""
    edition = believable_edition(classes=1, participants=3, contacts=CONTACTS, winner="Alfa")
    Edition.objects.update(min_counted=CONTACTS, min_channel_contacts=1)
    open_seal(edition)
    zero = edition.contacts.get(code=ZERO)
    zero.answers.all().delete()
    Contact.objects.filter(pk=zero.pk).update(outcome="no_answer", wait=None)
    return Edition.objects.get(pk=edition.pk)


@pytest.fixture
def counted(tight: Edition) -> ScoreRun:
    return count_edition(edition_id=tight.pk, at=AT)


def the_zero(run: ScoreRun) -> ZeroRow:
    return next(row for row in zeros(run).rows if row.contact == ZERO)


def zeros(run: ScoreRun) -> ZerosPage:
    return read_zeros(make_study(run_id=run.pk, kind=StudyKind.ZEROS, at=AT))


def forget_limits(run: ScoreRun) -> None:
    ScoreRun.objects.filter(pk=run.pk).update(min_counted=None, min_channel_contacts=None)
    run.refresh_from_db()


def test_a_count_keeps_the_limits_it_was_counted_with(counted: ScoreRun) -> None:
    assert (counted.min_counted, counted.min_channel_contacts) == (CONTACTS, 1)


def test_a_place_lost_by_striking_a_contact_out_is_told(
    counted: ScoreRun, client_for: ClientFactory, leader: User
) -> None:
    row = the_zero(counted)

    assert row.if_left_out is not None
    assert (row.place, row.if_left_out.is_ranked, row.changes_winner) == (1, False, True)
    told = zeros(counted)
    assert told.losing_rank == told.zeros > 1
    page = client_for(leader).get(f"/kontor/{counted.edition.code}/resultater/nuller/").content.decode()
    assert "<strong>ikke rangert</strong>" in page
    assert f"{told.losing_rank} av dem trengs for at deltakeren skal bli rangert." in page


def test_a_winner_that_only_falls_away_is_told_without_a_new_one(
    counted: ScoreRun, client_for: ClientFactory, leader: User
) -> None:
    others = counted.participant_scores.exclude(participant__awards__run=counted, participant__awards__kind="overall")
    others.update(ranked=False, rank_in_class=None, rank_overall=None)

    row = the_zero(counted)

    assert row.changes_winner
    assert row.new_winners
    assert all(prize.endswith(": ingen ny") for prize in row.new_winners)
    page = client_for(leader).get(f"/kontor/{counted.edition.code}/resultater/nuller/").content.decode()
    assert "ingen ny" in page


def test_limits_changed_since_do_not_change_the_answers(counted: ScoreRun) -> None:
    before = without_contact(counted, ZERO)
    Edition.objects.update(min_counted=1)
    counted.edition.refresh_from_db()

    again = make_study(run_id=counted.pk, kind=StudyKind.ZEROS, at=AT, seed=7)

    assert read_zeros(again).rows == zeros(counted).rows
    assert without_contact(counted, ZERO) == before


def test_an_old_count_that_would_come_out_the_same_is_studied_by_the_editions_limits(counted: ScoreRun) -> None:
    forget_limits(counted)

    assert the_zero(counted).if_left_out is not None


def test_an_old_count_of_something_else_asks_for_a_new_one(
    counted: ScoreRun, client_for: ClientFactory, leader: User
) -> None:
    forget_limits(counted)
    Edition.objects.update(min_counted=1)

    with pytest.raises(StudyRefused, match="Beregn på nytt"):
        make_study(run_id=counted.pk, kind=StudyKind.ZEROS, at=AT)
    client: Client = client_for(leader)
    answer = client.get(f"/kontor/{counted.edition.code}/resultater/hva-om/{ZERO}/", follow=True)
    assert "Beregn på nytt først" in answer.content.decode()
