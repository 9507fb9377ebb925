"""What the pages say of how sure a first place is: never more than the study knows."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from awards.models import Study, StudyKind
from awards.studies.certainty import who_could_be_best
from awards.studies.charts import interval_chart
from awards.studies.queries.confidence import ConfidencePage, CouldBeBest, Field, read_confidence
from awards.studies.services import make_study
from kundeservice.core.models import User
from kundeservice.core.numbers import NO_BREAK_SPACE
from scoring.engine.confidence import MAX_COMPARED
from scoring.models import ScoreRun
from tests.awards.studies.counted import NOISY, Scores, count_of, publish, steady, tight
from tests.conftest import ClientFactory
from tests.factories import AT

pytestmark = pytest.mark.django_db

CLEAR = "Det er 95 % sikkert at L er best i klassen."
NOT_CLEAR = "Det er 95 % sikkert at den beste i klassen er blant disse: L og B."
OLDER = "fra før hver deltaker ble sammenliknet med den beste"
SENTENCE = re.compile(r"Det er 95\xa0% sikkert at (den beste .* er blant disse: )?(?P<names>.*?)( er best .*)?\.")
TOO_LITTLE = "for lite å gå på"

HIDDEN_RIVAL: dict[str, Scores] = {"bank": {"L": tight(80), "A": tight(74), "B": NOISY}, "energi": steady(12)}
"""B cannot be told from L, although A, between the two, can."""
ONE_EACH: dict[str, Scores] = {"bank": {"a": (80,), "b": (79,), "c": (78,)}}


def study_of(run: ScoreRun) -> Study:
    return make_study(run_id=run.pk, kind=StudyKind.CONFIDENCE, at=AT)


def page_of(run: ScoreRun) -> ConfidencePage:
    return read_confidence(study_of(run))


def class_of(run: ScoreRun, code: str = "bank") -> Field:
    field = page_of(run).field(code)
    assert field is not None
    return field


def as_kept_before(study: Study) -> None:
    """Take out of a study what was not kept in the beginning."""
    for separation in (*study.findings["classes"].values(), study.findings["overall"]):
        del separation["leaders"], separation["could_be_best"]
    for row in study.findings["participants"]:
        del row["in_class"]["reach"], row["overall"]["reach"]
    study.save()


def public_text(run: ScoreRun, code: str = "bank") -> str:
    return " ".join(Client().get(f"/resultater/{run.edition.code}/{code}/").content.decode().split())


def office_text(client: Client, run: ScoreRun, code: str = "bank") -> str:
    answer = client.get(f"/kontor/{run.edition.code}/resultater/sikkerhet/", {"klasse": code})
    return " ".join(answer.content.decode().split())


@pytest.fixture
def office(client_for: ClientFactory, leader: User) -> Client:
    return client_for(leader)


def test_a_first_place_is_not_called_clear_when_somebody_further_down_cannot_be_told_from_it(office: Client) -> None:
    run = count_of(HIDDEN_RIVAL)
    study_of(run)
    publish(run)

    assert CLEAR not in public_text(run)
    assert NOT_CLEAR in public_text(run)
    assert NOT_CLEAR in office_text(office, run)


def test_only_those_who_could_be_better_than_a_noisy_leader_are_named() -> None:
    leader = (100,) * 20 + (60, None, 100, 100, None)
    bank = {"L": leader, "A": tight(84), "B": tight(80), "C": tight(76)}
    field = class_of(count_of({"bank": bank, "energi": steady(12)}))

    assert field.verdict.names == ("L", "A")


def test_a_clear_first_place_is_called_clear() -> None:
    run = count_of({"bank": {"L": tight(90), "A": tight(60)}, "energi": steady(12)})
    study_of(run)
    publish(run)

    assert CLEAR in public_text(run)


def test_rivals_are_found_by_code_where_names_are_alike() -> None:
    names = {"L": "Solbakken", "A": "Solbakken", "B": "Solbakken"}
    field = class_of(count_of(HIDDEN_RIVAL, names))

    assert field.could_be_best == frozenset({"L", "B"})
    assert field.verdict.names == ("Solbakken", "Solbakken")


def test_a_shared_first_place_has_an_interval_each_and_the_rivals_of_both() -> None:
    bank = {"A": tight(80), "B": tight(80), "C": tight(60)}
    run = count_of({"bank": bank, "energi": steady(12)})
    study_of(run)
    publish(run)

    text = public_text(run)

    assert "ligger A mellom" in text
    assert "ligger B mellom" in text
    assert "blant disse: A og B." in text


def test_a_study_from_before_everybody_was_held_against_the_best_is_read_and_said_to_be_older(office: Client) -> None:
    run = count_of(HIDDEN_RIVAL)
    study = study_of(run)
    for separation in (*study.findings["classes"].values(), study.findings["overall"]):
        del separation["could_be_best"]
    for row in study.findings["participants"]:
        del row["in_class"]["reach"], row["overall"]["reach"]
    study.save()
    publish(run)

    assert NOT_CLEAR in public_text(run)
    assert OLDER in office_text(office, run)
    assert OLDER not in public_text(run)


def test_a_study_from_before_rivals_were_kept_names_nobody(office: Client) -> None:
    run = count_of(HIDDEN_RIVAL)
    as_kept_before(study_of(run))
    publish(run)

    assert class_of(run).verdict.names is None
    assert "sikkert at" not in public_text(run)
    assert "ligger L mellom" in public_text(run)
    assert OLDER in office_text(office, run)


def test_page_report_and_office_say_the_same_of_every_class(office: Client) -> None:
    run = count_of({**HIDDEN_RIVAL, "forsikring": {"X": tight(90), "Y": tight(40), "Z": NOISY}})
    study_of(run)
    publish(run)

    for field in page_of(run).classes:
        sentence = who_could_be_best(field.verdict)
        plain = sentence.replace(NO_BREAK_SPACE, " ")
        assert plain in public_text(run, field.code)
        assert plain in office_text(office, run, field.code)
        assert {row.name for row in field.contenders} == names_in(sentence)
        for dot, row in zip(interval_chart(field).rows, field.rows, strict=True):
            highest_other = max(other.total for other in field.rows if other is not row and other.total is not None)
            assert dot.most is not None
            assert (Fraction(dot.most) >= highest_other) == (row in field.contenders)


def names_in(sentence: str) -> set[str]:
    found = SENTENCE.fullmatch(sentence)
    assert found
    return set(found["names"].replace(" og ", ", ").split(", "))


@given(st.lists(st.from_regex(r"[A-Z][a-z]{3,9}", fullmatch=True), min_size=1, max_size=30, unique=True), st.booleans())
@settings(max_examples=200, deadline=None)
def test_the_sentence_names_those_who_could_be_the_best_and_nobody_else(names: list[str], of_everybody: bool) -> None:
    verdict = CouldBeBest(Decimal("0.95"), tuple(names), of_everybody, knows_spread=True, is_too_large=False)

    sentence = who_could_be_best(verdict)

    named = [name for name in names_in(sentence) if not name[0].isdigit()]
    rest = re.search(r"og (\d+) ann?", sentence)
    assert set(named) <= set(names)
    assert len(named) + (int(rest[1]) if rest else 0) == len(names)


def test_nothing_is_called_sure_where_nothing_was_seen_twice(office: Client) -> None:
    run = count_of(ONE_EACH)
    study_of(run)
    publish(run)

    for text in (public_text(run), office_text(office, run)):
        assert TOO_LITTLE in text
        assert "sikkert at" not in text
        assert "100\N{NO-BREAK SPACE}%" not in text


def test_a_study_that_took_nothing_known_for_certainty_is_not_believed(office: Client) -> None:
    """Such studies are kept: without an interval, and yet with a place that was the only one possible."""
    run = count_of(ONE_EACH)
    study = study_of(run)
    for place, row in enumerate(study.findings["participants"], start=1):
        only = {"best": place, "worst": place}
        row["in_class"] = row["overall"] = {"shares": {str(place): "1.0"}, "range": only, "joint_range": only}
    single = {"groups": [["a"], ["b"], ["c"]], "threshold": "0.0"}
    study.findings.update(classes={"bank": single}, overall=single)
    study.save()
    publish(run)

    for text in (public_text(run), office_text(office, run)):
        assert TOO_LITTLE in text
        assert "sikkert at" not in text


def test_places_and_totals_are_those_of_the_run() -> None:
    """At six decimals the two totals are one, and the second place would be shared."""
    field = class_of(count_of({"bank": {"A": (100, 100, None), "B": (Fraction(200, 3) - Fraction(1, 10**8),) * 3}}))

    assert [(row.code, row.place) for row in field.rows] == [("A", 1), ("B", 2)]
    assert field.rows[0].total == Fraction(200, 3)


def test_a_place_that_equal_totals_do_not_share_is_not_shared_here() -> None:
    field = class_of(count_of({"bank": {"A": (100, 100, None), "B": (Fraction(200, 3),) * 3}}))

    assert [(row.code, row.place) for row in field.rows] == [("A", 1), ("B", 2)]


def test_a_total_is_rounded_once_for_the_screen(office: Client) -> None:
    almost = Fraction("94.6499996")
    run = count_of({"bank": {"A": (almost - 1, almost, almost + 1), "B": (50, 60, 70)}})
    study_of(run)

    text = office_text(office, run)

    assert "94,6" in text
    assert "94,7" not in text


def test_a_crowd_is_told_that_it_is_not_compared(office: Client) -> None:
    crowd = {f"p{n:03}": (n % 50, n % 50 + 10) for n in range(MAX_COMPARED + 1)}
    run = count_of({"bank": crowd, "energi": {"A": (90, 80), "B": (20, 10)}})
    study = study_of(run)
    publish(run)

    assert "flere enn 400" in public_text(run)
    text = office_text(office, run)
    assert "flere enn 400" in text
    page = read_confidence(study)
    assert (page.overall, page.overall_is_too_large) == (None, True)
    assert "på tvers av klassene" in office_text(office, run, "energi")


def test_the_study_says_how_many_resamples_it_drew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.engine.confidence.study.MAX_DRAWN", 5_000)

    study = study_of(count_of(HIDDEN_RIVAL))

    assert study.resamples == study.findings["resamples"] == 333


@pytest.mark.parametrize("more", [{}, {"forsikring": {"X": tight(50), "Y": tight(40)}}])
def test_the_public_page_costs_the_same_however_many_take_part(
    django_assert_num_queries: DjangoAssertNumQueries, more: dict[str, Scores]
) -> None:
    run = count_of({**HIDDEN_RIVAL, **more})
    study_of(run)
    publish(run)

    with django_assert_num_queries(7):
        Client().get(f"/resultater/{run.edition.code}/")
