"""The headlines: full sentences with the number in them, also where there is no number."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from awards.report.document import sentences
from awards.report.queries.report_data import (
    ChannelFacts,
    ComparedFigure,
    Loss,
    ReportContact,
    ReportData,
    ReportQuestion,
)


def compared(
    key: str, own: Fraction | int | None, mean: Fraction | int | None, all_mean: int | None = 60
) -> ComparedFigure:
    exact = [None if value is None else Fraction(value) for value in (own, mean, all_mean)]
    return ComparedFigure(
        key=key, label=key, own=exact[0], class_mean=exact[1], class_best=exact[0], all_mean=exact[2],
        everyone=(), classmates=(),
    )  # fmt: skip


def on_channel(key: str, own: int, effect: Fraction | int | None) -> ChannelFacts:
    return ChannelFacts(
        comparison=compared(key, own, 60), contacts=10, answered=8, in_working_days=False, bands=(),
        effect=None if effect is None else Fraction(effect),
    )  # fmt: skip


def report(**changes: Any) -> ReportData:
    data = ReportData(
        award="Kundeserviceprisen", edition="Kundeserviceprisen 2022", year=2022,
        starts_on=dt.date(2021, 11, 29), ends_on=dt.date(2022, 4, 1),
        contacts_per_participant=25, min_counted=20, digest="ab" * 32,
        participant="fjord", name="Fjord", class_name="Bank", class_size=9, class_ranked=9, everyone=190,
        everyone_ranked=188, ranked=True, rank_in_class=2, rank_overall=14, shares_first_place=False, runner_up=None,
        contacts=25, answered=21, total=compared("total", Fraction(743, 10), Fraction(692, 10)),
        answered_total=compared("answered_total", Fraction(885, 10), 80), areas=(), channels=(), metrics=(),
        unanswered=compared("unanswered", None, None), losses=(), questions=(), quotations=(), contact_rows=(),
        awards=(), interval=None, verdict=None,
    )  # fmt: skip
    return replace(data, **changes)


@pytest.mark.parametrize(
    ("changes", "headline"),
    [
        ({}, "Dere fikk 74,3 poeng, 5,1 over klassesnittet, og ble nummer 2 av 9 i klassen"),
        (
            {"total": compared("total", 60, Fraction(692, 10)), "rank_in_class": 8},
            "Dere fikk 60,0 poeng, 9,2 under klassesnittet, og ble nummer 8 av 9 i klassen",
        ),
        (
            {"total": compared("total", 70, Fraction(7004, 100))},
            "Dere fikk 70,0 poeng, likt med klassesnittet, og ble nummer 2 av 9 i klassen",
        ),
        (
            {"rank_in_class": 1, "runner_up": Fraction(722, 10)},
            "Dere vant klassen med 74,3 poeng, 2,1 foran nummer to",
        ),
        ({"rank_in_class": 1, "shares_first_place": True}, "Dere vant klassen med 74,3 poeng, likt med en annen"),
        ({"rank_in_class": 1, "rank_overall": 1}, "Dere vant hele kåringen med 74,3 poeng"),
        (
            {"class_size": 1, "class_ranked": 1, "rank_in_class": 1},
            "Dere fikk 74,3 poeng, 14,3 over snittet for alle, og ble nummer 14 av 188",
        ),
        (
            {"ranked": False, "contacts": 12, "answered": 9},
            "Dere fikk 74,3 poeng, men blir ikke rangert: 12 av minst 20 henvendelser teller",
        ),
        (
            {"answered": 0, "total": compared("total", 0, 50)},
            "Ingen av de 25 henvendelsene fikk svar, og totalresultatet er 0,0",
        ),
        (
            {"contacts": 0, "answered": 0, "total": compared("total", None, 50)},
            "Ingen av henvendelsene teller, så dere har ikke noe totalresultat",
        ),
    ],
)
def test_the_total_and_the_place(changes: dict[str, Any], headline: str) -> None:
    assert sentences.total_headline(report(**changes)) == headline


@pytest.mark.parametrize(
    ("areas", "headline"),
    [
        (
            (compared("welcome", 85, 80), compared("agent", 70, Fraction(736, 10))),
            "Velkomsten ligger 5,0 over klassen; kundebehandleren ligger 3,6 under",
        ),
        ((compared("welcome", 85, 80),), "Ingen av områdene ligger under klassen; velkomsten ligger 5,0 over"),
        ((compared("wait", 30, 80),), "Ingen av områdene ligger over klassen; svar- og ventetiden ligger 50,0 under"),
        ((compared("overall", 80, 80),), "Alle områdene ligger likt med klassen"),
        ((compared("overall", None, 80),), "Ingen henvendelser fikk svar, så områdene har ingen score"),
    ],
)
def test_the_areas(areas: tuple[ComparedFigure, ...], headline: str) -> None:
    assert sentences.areas_headline(report(areas=areas)) == headline


@pytest.mark.parametrize(
    ("channels", "headline"),
    [
        (
            (on_channel("telephone", 80, 3), on_channel("email", 50, Fraction(-21, 10))),
            "Telefonen løfter dere 3,0 poeng; e-posten koster 2,1",
        ),
        (
            (on_channel("chat", 80, 3), on_channel("messenger", 70, 1)),
            "Ingen kontaktmåte trekker dere ned; chatten løfter 3,0 poeng av totalen",
        ),
        (
            (on_channel("chat", 20, -3), on_channel("messenger", 30, -1)),
            "Ingen kontaktmåte løfter dere; chatten koster 3,0 poeng av totalen",
        ),
        ((on_channel("email", 63, 3),), "Alle henvendelsene kom på e-posten: 63,0 poeng, 3,0 over klassen"),
        ((on_channel("email", 60, None),), "Kontaktmåtene har ingen score"),
    ],
)
def test_the_channels(channels: tuple[ChannelFacts, ...], headline: str) -> None:
    assert sentences.channels_headline(channels) == headline


@pytest.mark.parametrize(
    ("changes", "headline"),
    [
        ({}, "4 av 25 henvendelser fikk ikke svar; de 21 som fikk svar, har 88,5 i snitt"),
        ({"answered": 25}, "Alle de 25 henvendelsene fikk svar"),
        ({"answered": 0}, "Ingen av de 25 henvendelsene fikk svar"),
        ({"contacts": 0, "answered": 0}, "Ingen henvendelser teller"),
    ],
)
def test_the_answers(changes: dict[str, Any], headline: str) -> None:
    assert sentences.answers_headline(report(**changes)) == headline


def lost(area: str, own: Fraction | int) -> Loss:
    return Loss(key=area, label=area, area=area, own=Fraction(own), class_mean=Fraction(9))


@pytest.mark.parametrize(
    ("losses", "headline"),
    [
        ((lost("", 16), lost("agent", 4)), "Henvendelser uten svar kostet mest: 16,0 av de 20,0 poengene dere mistet"),
        (
            (lost("", 0), lost("wait", Fraction(6, 10)), lost("agent", Fraction(21, 10))),
            "Kundebehandleren kostet mest: 2,1 av de 2,7 poengene dere mistet",
        ),
        (
            (lost("wait", 1), lost("welcome", Fraction(102, 100))),
            "Svar- og ventetiden og velkomsten kostet mest: 1,0 hver av de 2,0 poengene dere mistet",
        ),
        ((lost("", 0), lost("agent", 0)), "Dere fikk alle de 100 poengene"),
    ],
)
def test_the_largest_loss(losses: tuple[Loss, ...], headline: str) -> None:
    assert sentences.losses_headline(losses) == headline


@pytest.mark.parametrize(
    ("metrics", "headline"),
    [
        ((compared("ces", 5, 6), compared("nps", -12, 9)), "NPS er −12; klassesnittet er +9"),
        ((compared("csat", 4, 4),), "csat er 4,0, likt med klassesnittet"),
        ((compared("nps", None, 9),), "Ingen svarte på spørsmålene om kundeopplevelse"),
    ],
)
def test_the_customer_experience(metrics: tuple[ComparedFigure, ...], headline: str) -> None:
    assert sentences.experience_headline(metrics, alone=False) == headline


def asked(own: int | None, mean: int | None) -> ReportQuestion:
    exact = [None if value is None else Fraction(value) for value in (own, mean)]
    return ReportQuestion("q", "agent", "?", exact[0], exact[1], exact[1], 9, (), is_scale=False)


@pytest.mark.parametrize(
    ("rows", "headline"),
    [
        ((asked(80, 70), asked(60, 70)), "På 1 av 2 spørsmål med poeng om kundebehandleren ligger dere over klassen"),
        (
            (asked(80, 70), asked(90, 70)),
            "På alle to spørsmålene med poeng om kundebehandleren ligger dere over klassen",
        ),
        (
            (asked(50, 70), asked(70, 70)),
            "På ingen av de to spørsmålene med poeng om kundebehandleren ligger dere over klassen",
        ),
        ((asked(80, 70),), "På det ene spørsmålet med poeng om kundebehandleren ligger dere 10,0 over klassen"),
        ((asked(None, None), asked(None, None)), "To spørsmål uten poeng om kundebehandleren"),
        ((asked(None, None),), "Ett spørsmål uten poeng om kundebehandleren"),
    ],
)
def test_the_questions(rows: tuple[ReportQuestion, ...], headline: str) -> None:
    assert sentences.questions_headline("agent", rows, alone=False) == headline


def contact(week: str) -> ReportContact:
    return ReportContact(week=week, channel="chat", window="09-11", answered=True, score=Fraction(80))


@pytest.mark.parametrize(
    ("rows", "changes", "headline"),
    [
        (("2021-W48", "2022-W12"), {}, "25 henvendelser fra uke 48 til uke 12; 21 fikk svar"),
        (("2022-W03",), {"contacts": 1, "answered": 1}, "Én henvendelse i uke 3; den fikk svar"),
        ((), {"contacts": 0, "answered": 0}, "Ingen henvendelser teller"),
    ],
)
def test_the_timetable(rows: tuple[str, ...], changes: dict[str, Any], headline: str) -> None:
    data = report(contact_rows=tuple(contact(week) for week in rows), **changes)

    assert sentences.contacts_headline(data) == headline


def test_small_numbers_are_words() -> None:
    assert [sentences.counted(number, "kommentar", "kommentarer") for number in (1, 2, 12, 13)] == [
        "én kommentar", "to kommentarer", "tolv kommentarer", "13 kommentarer",
    ]  # fmt: skip


def test_figures_are_rounded_once_from_the_exact_value() -> None:
    assert sentences.points(Decimal("94.65")) == "94,7"
    assert sentences.points(Fraction(1893, 20)) == "94,7"
