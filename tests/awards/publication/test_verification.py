"""A recount from the package alone agrees with what was counted and locked, and names whatever was changed."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from awards.package.format import parse_package, write_package
from awards.package.format.engine_input import engine_input
from awards.package.services import import_package, load_package
from awards.publication.services.publishing import lock_edition
from awards.publication.services.verification import verify_package
from kundeservice.core.triggers import remove_triggers
from scoring import engine
from scoring.models import ParticipantScore
from scoring.services import count_edition
from surveys.models import Answer, Comment, Edition, Option
from tests.factories import AT, believable_edition

pytestmark = pytest.mark.django_db

TINY = Path(__file__).parents[2] / "examples" / "tiny-edition"


@pytest.fixture
def locked() -> Edition:
    edition = import_package(package=parse_package(TINY), at=AT)
    count_edition(edition_id=edition.pk, at=AT)
    lock_edition(edition_id=edition.pk, by=None, at=AT)
    edition.refresh_from_db()
    return edition


def verify(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_edition", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_every_locked_edition_is_counted_once_more() -> None:
    tiny = import_package(package=parse_package(TINY), at=AT)
    for edition in (tiny, believable_edition(code="ksp-2023", classes=1, participants=2), believable_edition()):
        count_edition(edition_id=edition.pk, at=AT)
    for edition in Edition.objects.exclude(code="ksp-2022"):
        lock_edition(edition_id=edition.pk, by=None, at=AT)

    assert verify("--all").splitlines() == [
        "tiny-2022: stemmer for 5 deltakere.",
        "ksp-2023: stemmer for 2 deltakere.",
    ]


@pytest.mark.django_db(transaction=True)
def test_what_no_longer_comes_out_is_named_and_holds_back_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    for edition in (believable_edition(code="ksp-2022"), believable_edition(code="ksp-2023")):
        run = count_edition(edition_id=edition.pk, at=AT)
        lock_edition(edition_id=edition.pk, by=None, at=AT)
    remove_triggers(connection)
    row = run.participant_scores.select_related("participant")[0]
    ParticipantScore.objects.filter(pk=row.pk).update(rank_overall=7)
    Answer.objects.filter(contact__edition__code="ksp-2022", value__isnull=False).delete()

    with pytest.raises(CommandError, match="2 årganger stemmer ikke"):
        call_command("verify_edition", "--all")

    first, second = capsys.readouterr().out.splitlines()
    assert first == "ksp-2022: Svarene eller reglene er ikke de som ble beregnet."
    assert second == f"ksp-2023: {row.participant.code}: rank_overall er lagret som 7, men svarene gir 1."


def test_either_one_edition_or_all() -> None:
    with pytest.raises(CommandError, match="enten"):
        verify()


def test_the_package_and_the_tables_give_the_engine_the_same_input(locked: Edition) -> None:
    run = locked.score_runs.get()

    assert engine.input_digest(engine_input(load_package(locked))) == run.input_digest


def test_a_locked_edition_agrees_with_its_lock_and_count(locked: Edition, tmp_path: Path) -> None:
    lock = locked.locks.get()
    write_package(load_package(locked), tmp_path / "ut.zip")

    found = verify_package(parse_package(tmp_path / "ut.zip"), published_hash=lock.root_hash, at=AT)

    assert found.agrees
    assert (found.compared_with_lock, found.compared_with_count) == (True, True)
    assert verify(locked.code).splitlines()[0] == lock.root_hash


def test_a_changed_byte_in_an_exported_file_is_named(locked: Edition, tmp_path: Path) -> None:
    folder = tmp_path / "ut"
    write_package(load_package(locked), folder)
    comments = folder / "comments.csv"
    text = comments.read_text(encoding="utf-8")
    comments.write_text(text.replace("Satte seg", "Satt seg"), encoding="utf-8")

    with pytest.raises(CommandError) as refused:
        verify(str(folder))

    assert "comments.csv" in str(refused.value)
    assert "answers.csv" not in str(refused.value)


def test_an_answer_changed_behind_the_guard_is_found_and_the_participant_named(locked: Edition) -> None:
    remove_triggers(connection)
    answer = Answer.objects.filter(option__points__gt=0, question__kind="single").select_related(
        "contact__participant"
    )[0]
    other = Option.objects.filter(question=answer.question_id, points=0)[0]
    Answer.objects.filter(pk=answer.pk).update(option=other)

    found = verify_package(load_package(locked), at=AT)

    assert any(line.startswith(f"{answer.contact.participant.code}: total") for line in found.differences)
    assert any("answers.csv" in line for line in found.differences)


def test_a_stored_figure_changed_behind_the_guard_is_found(locked: Edition) -> None:
    remove_triggers(connection)
    score = ParticipantScore.objects.filter(run__edition=locked).select_related("participant")[0]
    ParticipantScore.objects.filter(pk=score.pk).update(exact={**score.exact, "total": "99/1"})

    found = verify_package(load_package(locked), at=AT)

    (line,) = found.differences
    assert line.startswith(f"{score.participant.code}: total er lagret som 99.000000, men svarene gir ")
    assert line.removesuffix(".")[-7] == "."


def test_a_prize_that_is_only_kept_or_only_counted_is_named(locked: Edition) -> None:
    remove_triggers(connection)
    prizes = locked.score_runs.get().awards.select_related("participant", "award_class")
    in_class, overall = prizes.filter(kind="class")[0], prizes.filter(kind="overall")[0]
    assert in_class.award_class
    told = [
        f"Prisen «class» {in_class.award_class.code} til {in_class.participant.code} er bare på den ene siden.",
        f"Prisen «overall»  til {overall.participant.code} er bare på den ene siden.",
    ]
    prizes.filter(pk__in=(in_class.pk, overall.pk)).delete()

    with pytest.raises(CommandError) as refused:
        verify(locked.code)

    assert all(sentence in str(refused.value) for sentence in told)


def test_a_redacted_comment_changes_the_hash_but_no_figure(locked: Edition) -> None:
    remove_triggers(connection)
    Comment.objects.filter(contact__edition=locked).update(text="[fjernet]")

    found = verify_package(load_package(locked), at=AT)

    assert len(found.differences) == 2
    assert all("comments.csv" in line or "sum" in line for line in found.differences)


def test_a_package_nobody_knows_is_only_counted() -> None:
    found = verify_package(parse_package(TINY), at=AT)

    assert (found.agrees, found.compared_with_lock, found.compared_with_count, found.participants) == (
        True,
        False,
        False,
        5,
    )
