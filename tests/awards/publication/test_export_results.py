"""From files to results: the tiny edition, imported, counted and written, is what was worked out by hand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from kundeservice.core.models import User
from scoring.models import ScoreRun
from surveys.models import Contact, Edition, LeaderRequest, Phase
from tests.awards.studies.conftest import open_seal
from tests.conftest import ClientFactory

pytestmark = pytest.mark.django_db
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TINY = EXAMPLES / "tiny-edition"


def exported(*options: str) -> str:
    out = io.StringIO()
    call_command("export_results", "tiny-2022", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def office(client_for: ClientFactory, leader: User) -> Client:
    return client_for(leader)


@pytest.fixture
def _counted() -> None:
    call_command("import_edition", str(TINY), stdout=io.StringIO())
    call_command("score_edition", "tiny-2022", stdout=io.StringIO())


@pytest.mark.usefixtures("_counted")
def test_json_equals_the_expected_results_in_every_number_rank_and_award() -> None:
    expected = json.loads((EXAMPLES / "tiny-edition.expected_results.json").read_text())

    found = json.loads(exported("--format", "json"))

    assert len(found.pop("computed_from")) == 64
    assert found == expected
    assert [list(row) for row in found["participants"]] == [list(row) for row in expected["participants"]]
    assert [list(found[key]) for key in ("summary",)] == [list(expected["summary"])]


@pytest.mark.usefixtures("_counted")
def test_csv_holds_the_same_numbers() -> None:
    expected = json.loads((EXAMPLES / "tiny-edition.expected_results.json").read_text())["participants"]

    rows = list(csv.DictReader(io.StringIO(exported())))

    assert [row["participant"] for row in rows] == [row["participant"] for row in expected]
    assert [row["total"] for row in rows] == [f"{row['total']:.6f}" for row in expected]
    assert [row["messenger"] for row in rows] == ["87.166667", "87.166667", "", "", ""]
    assert [row["ranked"] for row in rows] == ["yes"] * 4 + ["no"]


@pytest.mark.usefixtures("_counted")
def test_the_files_name_chooses_the_form(tmp_path: Path) -> None:
    for name, start in (("r.json", b"{"), ("r.csv", b"participant,"), ("r.xlsx", b"PK")):
        exported("--output", str(tmp_path / name))
        assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.usefixtures("_counted")
@pytest.mark.parametrize(
    ("file_format", "media_type"),
    [
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
    ],
)
def test_the_office_hands_out_a_file_with_its_name_and_kind(office: Client, file_format: str, media_type: str) -> None:
    Edition.objects.update(phase=Phase.PUBLISHED)

    answer = office.get(f"/kontor/tiny-2022/resultater/fil.{file_format}")

    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Content-Disposition"] == f'attachment; filename="tiny-2022-results.{file_format}"'


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda: ScoreRun.objects.all().delete(), "Resultatene er ikke beregnet ennå."),
        (lambda: Contact.objects.filter(code="c06").update(review="approved"), "Beregn på nytt først."),
        (lambda: LeaderRequest.objects.all().delete(), "Resultatene er forseglet"),
    ],
)
@pytest.mark.usefixtures("_counted")
def test_the_office_says_why_there_is_no_file(office: Client, spoil: Callable[[], object], told: str) -> None:
    open_seal(Edition.objects.get())
    spoil()

    answer = office.get("/kontor/tiny-2022/resultater/fil.csv", follow=True)

    assert answer.redirect_chain == [("/kontor/tiny-2022/resultater/", 302)]
    (message,) = answer.context["messages"]
    assert told in str(message)


@pytest.mark.usefixtures("_counted")
def test_answers_changed_after_the_count_are_refused() -> None:
    Contact.objects.filter(code="c06").update(review="approved")

    with pytest.raises(CommandError, match="score_edition på nytt"):
        exported()


def test_an_edition_that_is_not_counted_or_not_there_is_refused() -> None:
    with pytest.raises(CommandError, match="ingen årgang"):
        exported()
    call_command("import_edition", str(TINY), stdout=io.StringIO())
    with pytest.raises(CommandError, match="ikke beregnet"):
        exported()
