"""Packages in and out of the database: what may be replaced, and what is written in the log."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from awards.models import Lock
from awards.package.format import PackageProblems, parse_package, write_package
from awards.package.services import ImportRefused, import_package, load_package
from awards.publication.services.gates import agree_and_carry_out
from awards.publication.services.publishing import lock_edition
from kundeservice.core.models import AuditEvent, Role
from scoring.services import count_edition
from surveys.models import Edition, LeaderRequest, Phase
from surveys.services import ask_to_unlock, ask_to_view_results, withdraw_request
from tests.awards.package.format.editions import append, tiny_files, write_folder
from tests.conftest import TINY_EDITION
from tests.factories import AT, make_person

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(hours=1)


def replace() -> None:
    import_package(package=parse_package(TINY_EDITION), replace=True, at=LATER)


def test_an_edition_that_was_ever_locked_is_not_replaced(tiny_edition: Edition) -> None:
    count_edition(edition_id=tiny_edition.pk, at=AT)
    lock_edition(edition_id=tiny_edition.pk, by=None, at=AT)
    asked = ask_to_unlock(edition_id=tiny_edition.pk, by=make_person(Role.LEADER), reason="Klage", at=AT)
    agree_and_carry_out(request_id=asked.pk, by=make_person(Role.LEADER), at=LATER)
    tiny_edition.refresh_from_db()
    assert tiny_edition.phase == Phase.REVIEW

    with pytest.raises(ImportRefused, match="har vært låst"):
        replace()

    assert (Lock.objects.count(), LeaderRequest.objects.count()) == (1, 1)
    with pytest.raises(CommandError, match="har vært låst"):
        call_command("import_edition", str(TINY_EDITION), "--replace", stdout=StringIO())


def test_an_edition_whose_seal_was_asked_for_is_not_replaced(tiny_edition: Edition) -> None:
    """Who asked to see what, and why, stays for ever – also when nobody agreed."""
    one = make_person(Role.LEADER)
    asked = ask_to_view_results(edition_id=tiny_edition.pk, by=one, reason="Manus", at=AT)
    withdraw_request(request_id=asked.pk, by=one, at=AT)

    with pytest.raises(ImportRefused, match="bedt om innsyn"):
        replace()

    assert LeaderRequest.objects.filter(edition=tiny_edition).exists()


@pytest.mark.parametrize("name", ["pakke.zip", "pakke.xlsx", "pakke"])
def test_an_export_by_command_leaves_a_line_in_the_log(tiny_edition: Edition, tmp_path: Path, name: str) -> None:
    call_command("export_edition", tiny_edition.code, str(tmp_path / name), stdout=StringIO())

    event = AuditEvent.objects.get(action="edition.exported")
    assert (event.actor, event.subject, event.detail) == (None, tiny_edition.code, {"what": name})


def test_the_line_is_there_before_the_file(tiny_edition: Edition, tmp_path: Path) -> None:
    """A file half written may have been read all the same."""
    (tmp_path / "bilde.jpg").write_text("mitt")

    with pytest.raises(CommandError, match="ikke en årgangspakke"):
        call_command("export_edition", tiny_edition.code, str(tmp_path), stdout=StringIO())

    assert AuditEvent.objects.filter(action="edition.exported").exists()


def test_a_void_contact_may_be_between_two_that_must_not_meet_and_does_not_count_as_a_meeting(tmp_path: Path) -> None:
    """It was annulled because the shopper proved to be a customer, and stays in the edition as what it was."""
    files = tiny_files()
    append(
        "contacts.csv",
        "c90,fjellbanken,s6,telephone,2022-W04,void,,",
        "c91,fjellbanken,s1,telephone,2022-W04,void,,",
    )(files)

    edition = import_package(package=parse_package(write_folder(files, tmp_path / "package")), at=AT)

    package = load_package(edition)
    assert {(row.shopper, row.outcome) for row in package.contacts if row.code in ("c90", "c91")} == {
        ("s6", "void"),
        ("s1", "void"),
    }
    write_package(package, tmp_path / "again.xlsx")
    assert parse_package(tmp_path / "again.xlsx") == package


def test_a_contact_that_counts_is_still_refused_between_two_that_must_not_meet(tmp_path: Path) -> None:
    files = tiny_files()
    append("contacts.csv", "c90,fjellbanken,s6,telephone,2022-W04,no_answer,,")(files)

    with pytest.raises(PackageProblems, match="skal aldri møtes"):
        parse_package(write_folder(files, tmp_path / "package"))
