"""Why there is no plan, in words: every kind of reason names who, how many, and what would help."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from shoppers.planner import (
    Infeasible,
    Limits,
    Mend,
    MendKind,
    ParticipantDemand,
    PlanningProblem,
    Reason,
    ReasonKind,
    ShopperCapacity,
    solve,
    split_contacts,
    working_days,
)
from shoppers.reports.reasons import name_list, reasons_in_words

NAMES = {"fjell": "Fjellbanken", "fjord": "Fjordbanken"}
PEOPLE = {f"s{number}": f"Shopper {number}" for number in range(9)}
DAYS = working_days(dt.date(2022, 1, 10), dt.date(2022, 1, 21))


def words(reason: Reason) -> str:
    return " ".join(reasons_in_words([reason], participants=NAMES, shoppers=PEOPLE))


def shoppers(count: int, **facts: object) -> tuple[ShopperCapacity, ...]:
    values = {"channels": frozenset({"telephone"}), "max_contacts": 9, **facts}
    return tuple(ShopperCapacity(code=f"s{number}", **values) for number in range(count))  # type: ignore[arg-type]


def demand(count: int = 4, channel: str = "telephone", code: str = "fjell") -> ParticipantDemand:
    return ParticipantDemand(code, "bank", ((channel, count),))


def told(*participants: ParticipantDemand, people: tuple[ShopperCapacity, ...], **facts: object) -> str:
    problem = PlanningProblem(participants, people, **{"excluded": frozenset(), "days": DAYS, **facts})  # type: ignore[arg-type]
    with pytest.raises(Infeasible) as refusal:
        solve(problem, moves=100)
    return "\n".join(reasons_in_words(refusal.value.reasons, participants=NAMES, shoppers=PEOPLE))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (
            lambda: told(demand(), people=shoppers(2)),
            (
                "Fjellbanken trenger 4 mystery shoppere på telefon",
                "bare 2 kan brukes",
                "mangler 2",
                "2 mystery shoppere til",
            ),
        ),
        (
            lambda: told(demand(channel="messenger"), people=shoppers(5)),
            ("Ingen av de 5 mystery shopperne kan bruke Messenger", "Fjellbanken"),
        ),
        (
            lambda: told(demand(), demand(code="fjord"), people=shoppers(4, max_contacts=1)),
            ("plass til 4", "trengs 8", "heve grensene", "Ellers hjelper det med"),
        ),
        (
            lambda: told(demand(3), people=shoppers(5), days=DAYS[:2]),
            ("Fjellbanken trenger 3 dager", "bare 2 virkedager", "1 virkedag"),
        ),
        (lambda: told(demand(3), people=shoppers(5), days=()), ("ingen virkedager",)),
        (lambda: told(demand(0), people=shoppers(2)), ("Fjellbanken skal ikke ha noen henvendelser",)),
        (
            lambda: told(ParticipantDemand("fjell", "bank", (("telephone", 2),), ()), people=shoppers(3)),
            ("ikke åpent", "2 henvendelser på telefon"),
        ),
    ],
)
def test_a_real_refusal_reads_with_names_and_numbers(text: Callable[[], str], pieces: tuple[str, ...]) -> None:
    said = text()
    for piece in pieces:
        assert piece in said
    assert "?" not in said


def test_contradicting_figures_of_a_participant_are_told() -> None:
    for overrides, piece in (
        ({"telephone": 2}, "blir 2 til sammen, men skal ha 4"),
        ({"chat": 4}, "kan ikke nås der"),
        ({"telephone": -1, "email": 5}, "negativt"),
    ):
        with pytest.raises(Infeasible) as refusal:
            split_contacts({"telephone", "email"}, {"telephone": 50, "email": 30}, 4, 3, overrides)
        assert piece in words(refusal.value.reasons[0])


@pytest.mark.parametrize("kind", list(ReasonKind))
def test_every_kind_of_reason_has_words(kind: ReasonKind) -> None:
    numbers = tuple(
        (name, 3)
        for name in (
            "needed", "given", "allowed", "days", "pool", "usable", "short", "related", "without_channel",
            "unavailable", "room", "weeks", "open_days",
        )
    )  # fmt: skip
    said = words(Reason(kind, ("fjell",), ("telephone", "messenger"), (), numbers))
    assert said
    assert "%(" not in said
    assert "?" not in said


@pytest.mark.parametrize("kind", list(MendKind))
def test_every_kind_of_help_has_words(kind: MendKind) -> None:
    mend = Mend(kind, count=2, channels=("chat",), participants=("fjord",), limits=(Limits("s1", 30, 7),))
    said = words(Reason(ReasonKind.NO_CONTACTS, ("fjell",), mend=mend))
    assert len(said) > len(words(Reason(ReasonKind.NO_CONTACTS, ("fjell",))))
    if kind == MendKind.RAISE_LIMITS:
        assert "Shopper 1 til 30 i alt og 7 per uke" in said


def test_help_for_several_reasons_is_told_once() -> None:
    mend = Mend(MendKind.OPEN_WINDOWS, participants=("fjell", "fjord"))
    reasons = [Reason(ReasonKind.NO_WINDOW, (code,), ("chat",), (), (("needed", 2),), mend) for code in NAMES]
    said = reasons_in_words(reasons, participants=NAMES, shoppers=PEOPLE)
    assert len(said) == 2
    assert [text.count("Det hjelper") for text in said] == [1, 0]


def test_long_lists_of_names_are_counted() -> None:
    assert name_list([]) == ""
    assert name_list(["A"]) == "A"
    assert name_list(["A", "B"]) == "A og B"
    assert name_list(list("ABCDEFGH")) == "A, B, C, D, E og 3 til"
