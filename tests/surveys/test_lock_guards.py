"""A locked edition does not change, whichever door is tried: the guard stands in the database itself."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from kundeservice.core.triggers import remove_triggers
from surveys.models import (
    Answer,
    Attempt,
    AwardClass,
    Comment,
    Contact,
    ContactPoint,
    Edition,
    LeaderRequest,
    Option,
    Participant,
    Phase,
    Question,
    ReviewEvent,
    RolePlay,
    WaitBand,
)
from surveys.models.lock_guards import GUARDED, RULES_OF_AN_EDITION
from tests.factories import AT, believable_edition, make_person
from tests.locked import Door, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def locked() -> Edition:
    edition = believable_edition(participants=2)
    contact = edition.contacts.all()[0]
    Attempt.objects.create(contact=contact, number=1, started_at=AT, result="answered")
    ReviewEvent.objects.create(contact=contact, state="approved", at=AT)
    RolePlay.objects.create(
        edition=edition, award_class=edition.classes.all()[0], code="r1", title_nb="Tittel", text_nb="Tekst"
    )
    Edition.objects.filter(pk=edition.pk).update(phase=Phase.LOCKED)
    edition.refresh_from_db()
    return edition


CHANGES: dict[str, Door] = {
    "an answer's option": lambda: Answer.objects.filter(value__isnull=False).update(value=1),
    "an answer removed": lambda: Answer.objects.all().delete(),
    "an answer removed behind the ORM": lambda: _execute("DELETE FROM surveys_answer"),
    "a contact's outcome": lambda: Contact.objects.update(outcome="void"),
    "a contact's review": lambda: Contact.objects.update(review="returned"),
    "a comment": lambda: Comment.objects.update(text="Noe annet"),
    "an attempt": lambda: Attempt.objects.update(wait_seconds=1),
    "the evidence of the review": lambda: ReviewEvent.objects.all().delete(),
    "points": lambda: Option.objects.update(points=1),
    "a question": lambda: Question.objects.update(text_nb="Noe annet?"),
    "a wait band": lambda: WaitBand.objects.update(percent=1),
    "a class": lambda: AwardClass.objects.update(name_nb="En annen"),
    "a participant": lambda: Participant.objects.update(name="En annen"),
    "a contact point": lambda: ContactPoint.objects.all().delete(),
    "a role play": lambda: RolePlay.objects.update(text_nb="Noe annet"),
    "a weight": lambda: Edition.objects.update(weight_agent=40, weight_overall=40),
    "the edition itself": lambda: _execute("DELETE FROM surveys_edition"),
    "the lock": lambda: Edition.objects.update(phase=Phase.REVIEW),
}


@pytest.mark.parametrize("change", CHANGES)
def test_no_door_leads_into_a_locked_edition(locked: Edition, change: str) -> None:
    assert refused(CHANGES[change])


@pytest.mark.parametrize("change", CHANGES)
def test_without_the_guard_every_one_of_them_would_have_gone_through(locked: Edition, change: str) -> None:
    remove_triggers(connection)

    with transaction.atomic():
        CHANGES[change]()
        transaction.set_rollback(True)


def test_nothing_new_comes_into_a_locked_edition(locked: Edition) -> None:
    participant = locked.participants.all()[0]
    contact = locked.contacts.all()[0]
    question = locked.questions.filter(kind="single")[0]

    assert refused(
        lambda: Contact.objects.create(
            edition=locked, participant=participant, code="c9999", channel="telephone", week="2022-W03"
        )
    )
    assert refused(lambda: Attempt.objects.create(contact=contact, number=2, started_at=AT, result="no_answer"))
    assert refused(lambda: Option.objects.create(question=question, code="new", order=9, text_nb="Ny"))


def test_an_open_edition_is_not_disturbed(locked: Edition) -> None:
    other = believable_edition(code="ksp-2023", participants=1)

    Contact.objects.filter(edition=other).update(review="approved")
    Answer.objects.filter(contact__edition=other).delete()

    assert not Answer.objects.filter(contact__edition=other).exists()


def test_rows_cannot_be_moved_into_a_locked_edition(locked: Edition) -> None:
    other = believable_edition(code="ksp-2023", participants=1)

    assert refused(lambda: Contact.objects.filter(edition=other).update(edition=locked))


def test_the_lock_opens_only_when_two_people_agree(locked: Edition) -> None:
    one, other = make_person(), make_person()
    asked = LeaderRequest.objects.create(
        edition=locked, kind="unlock", reason="Klage fra deltaker", asked_by=one, asked_at=AT
    )
    unlock: Door = lambda: Edition.objects.filter(pk=locked.pk).update(phase=Phase.REVIEW)  # noqa: E731

    assert refused(unlock)

    asked.agreed_by, asked.agreed_at = other, AT
    asked.save()

    assert not refused(unlock)


def test_a_lock_may_go_on_to_publication(locked: Edition) -> None:
    Edition.objects.filter(pk=locked.pk).update(phase=Phase.PUBLISHED)

    locked.refresh_from_db()
    assert locked.phase == Phase.PUBLISHED


def test_every_table_of_an_edition_is_guarded() -> None:
    """A new table that belongs to an edition must be guarded, or named here with the reason why not."""
    not_evidence = {
        "surveys_edition",  # has a guard of its own
        "surveys_participantmember",  # who may read a report changes after the lock, too
        "surveys_response",  # drafts and keys of the shopper's page; what counts is in answers and comments
        "surveys_sealopening",  # the log of the openings themselves
    }
    tables = {model._meta.db_table for model in _survey_models()}

    assert {table.name for table in GUARDED} == tables - not_evidence


def _survey_models() -> list[type[Model]]:
    return list(apps.get_app_config("surveys").get_models())


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_lock_closes_every_column_of_an_edition_but_two() -> None:
    """Where it stands, and how many must agree: a column added later is closed, or named here with its reason."""
    columns = {field.column for field in Edition._meta.concrete_fields} - {"id"}

    assert columns - set(RULES_OF_AN_EDITION) == {"phase", "viewers_needed"}
