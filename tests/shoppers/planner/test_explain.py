"""When there is no plan the answer says why, with numbers, and what would help."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from shoppers.planner import (
    Infeasible,
    MendKind,
    PlannedContact,
    PlanningProblem,
    Reason,
    ReasonKind,
    explain,
    iso_week,
    mended,
    solve,
)
from tests.shoppers.planner.checker import broken_rules
from tests.shoppers.planner.editions import ALL, edition, participant, problem, shopper, shoppers


def the_reason(sample: PlanningProblem) -> Reason:
    """The single reason, once its mend is shown to help and `solve` is shown to give it too."""
    reasons = explain(sample)
    assert len(reasons) == 1
    better = mended(sample, reasons)
    assert broken_rules(replace(better, fixed=()), solve(better).contacts) == []
    with pytest.raises(Infeasible) as refusal:
        solve(sample)
    assert refusal.value.reasons == reasons
    return reasons[0]


def test_a_possible_edition_has_no_reasons() -> None:
    assert explain(problem((participant(),), shoppers(4))) == ()


def test_too_few_shoppers_are_counted_with_what_takes_them_out() -> None:
    # 13 calls; 24 shoppers: 9 customers, 4 without telephone, 11 left
    bank = participant("fjordbanken", telephone=13)
    people = (
        *(shopper(f"able{n:02}") for n in range(20)),
        *(shopper(f"mute{n}", channels=ALL - {"telephone"}) for n in range(4)),
    )
    customers = tuple((f"able{n:02}", "fjordbanken") for n in range(9))
    reason = the_reason(problem((bank,), people, excluded=customers))
    assert reason.kind is ReasonKind.TOO_FEW_SHOPPERS
    assert reason.participants == ("fjordbanken",)
    assert reason.channels == ("telephone",)
    assert dict(reason.numbers) == {
        "needed": 13,
        "usable": 11,
        "short": 2,
        "related": 9,
        "met": 0,
        "without_channel": 4,
        "unavailable": 0,
        "pool": 24,
    }
    assert reason.mend is not None
    assert (reason.mend.kind, reason.mend.count, reason.mend.channels) == (MendKind.ADD_SHOPPERS, 2, ("telephone",))


def test_two_channels_may_be_short_together_though_each_alone_is_not() -> None:
    # 3 calls and 3 e-mails, but only five people
    reason = the_reason(problem((participant("p1", telephone=3, email=3),), shoppers(5)))
    assert reason.kind is ReasonKind.TOO_FEW_SHOPPERS
    assert reason.channels == ("telephone", "email")
    assert (reason.number("needed"), reason.number("usable"), reason.number("short")) == (6, 5, 1)


def test_people_on_leave_are_counted_as_unavailable() -> None:
    away = shopper("s9", available_from=dt.date(2023, 1, 1))
    reason = the_reason(problem((participant(telephone=4),), (*shoppers(3), away)))
    assert (reason.kind, reason.number("unavailable")) == (ReasonKind.TOO_FEW_SHOPPERS, 1)


def test_a_channel_nobody_can_use_is_one_reason_for_all() -> None:
    rivals = tuple(participant(f"p{n}", telephone=2, messenger=2) for n in range(3))
    reason = the_reason(problem(rivals, shoppers(6, channels=ALL - {"messenger"})))
    assert reason.kind is ReasonKind.NO_SHOPPER_FOR_CHANNEL
    assert reason.participants == ("p0", "p1", "p2")
    assert (reason.channels, reason.number("needed"), reason.number("usable")) == (("messenger",), 6, 0)


def test_capacity_short_by_one_is_mended_by_one_contact() -> None:
    rivals = tuple(participant(f"p{n}") for n in range(5))
    people = (*shoppers(4, max_contacts=4), shopper("s05", max_contacts=3))
    reason = the_reason(problem(rivals, people))
    assert reason.kind is ReasonKind.TOO_LITTLE_CAPACITY
    assert (reason.number("needed"), reason.number("room"), reason.number("short")) == (20, 19, 1)
    assert reason.mend is not None
    assert (reason.mend.kind, reason.mend.count) == (MendKind.RAISE_LIMITS, 1)
    assert len(reason.mend.limits) == 1
    assert reason.alternative is not None
    assert (reason.alternative.kind, reason.alternative.count) == (MendKind.ADD_SHOPPERS, 1)


def test_only_those_who_compete_for_a_scarce_channel_are_named() -> None:
    # e-mail is scarce: two people with room for two each, and five e-mails; calls are no trouble
    writers = shoppers(2, max_contacts=2)
    callers = tuple(shopper(f"t{n}", channels=frozenset({"telephone"})) for n in range(4))
    rivals = (
        participant("p1", telephone=0, email=2),
        participant("p2", telephone=0, email=2),
        participant("p3", telephone=2, email=1),
    )
    reason = the_reason(problem(rivals, (*writers, *callers)))
    assert reason.kind is ReasonKind.TOO_LITTLE_CAPACITY
    assert (reason.channels, reason.shoppers) == (("email",), ("s01", "s02"))
    assert (reason.number("needed"), reason.number("room"), reason.number("short")) == (5, 4, 1)


def test_too_few_a_week_is_told_from_too_few_in_all() -> None:
    # 4 × 6 contacts in two weeks; five people may do 20 each, but only two a week
    rivals = tuple(participant(f"p{n}") for n in range(6))
    reason = the_reason(problem(rivals, shoppers(5, max_per_week=2), weeks=2))
    assert reason.kind is ReasonKind.TOO_FEW_PER_WEEK
    assert (reason.number("needed"), reason.number("room"), reason.number("weeks")) == (24, 20, 2)
    assert reason.mend is not None
    assert {limits.max_per_week for limits in reason.mend.limits} == {3}


def test_a_period_shorter_than_the_contacts_is_lengthened() -> None:
    reason = the_reason(problem((participant(telephone=7),), shoppers(9), weeks=1))
    assert reason.kind is ReasonKind.PERIOD_TOO_SHORT
    assert (reason.number("needed"), reason.number("days"), reason.number("short")) == (7, 5, 2)
    assert reason.mend is not None
    assert (reason.mend.kind, reason.mend.count) == (MendKind.ADD_DAYS, 2)


def test_a_period_without_working_days_is_lengthened_too() -> None:
    sample = replace(problem((participant(telephone=2),), shoppers(3)), days=())
    reason = the_reason(sample)
    assert (reason.kind, reason.number("days"), reason.number("short")) == (ReasonKind.NO_WORKING_DAYS, 0, 2)


def test_people_who_are_all_there_on_the_same_days_only() -> None:
    # four people suffice for four contacts, but all are there on one day, and a participant gets one a day
    monday = dt.date(2022, 1, 3)
    reason = the_reason(problem((participant(),), shoppers(4, available_from=monday, available_to=monday)))
    assert reason.kind is ReasonKind.NO_ROOM_IN_TIME
    assert (reason.number("needed"), reason.number("short"), reason.number("open_days")) == (4, 3, 1)
    assert reason.number("proven") == 1


def test_a_participant_that_never_answers() -> None:
    sample = problem((participant(telephone=2, email=1, windows=()), participant("p2")), shoppers(5))
    reason = the_reason(sample)
    assert (reason.kind, reason.channels, reason.number("needed")) == (ReasonKind.NO_WINDOW, ("telephone",), 2)


def test_a_participant_without_contacts_is_left_out() -> None:
    reason = the_reason(problem((participant(telephone=0), participant("p2")), shoppers(5)))
    assert (reason.kind, reason.participants) == (ReasonKind.NO_CONTACTS, ("p1",))


def test_all_are_customers() -> None:
    people = shoppers(5)
    everybody = tuple((person.code, "p1") for person in people)
    reason = the_reason(problem((participant(),), people, excluded=everybody))
    assert (reason.number("related"), reason.number("usable"), reason.number("short")) == (5, 0, 4)


def test_several_reasons_are_given_together_and_mended_together() -> None:
    sample = problem((participant(telephone=7, email=4), participant("p2")), shoppers(5, max_contacts=2), weeks=1)
    reasons = explain(sample)
    assert {reason.kind for reason in reasons} >= {ReasonKind.PERIOD_TOO_SHORT, ReasonKind.TOO_FEW_SHOPPERS}
    assert broken_rules(mended(sample, reasons), solve(mended(sample, reasons)).contacts) == []


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        (replace(participant(), contacts=(("telephone", 3), ("telephone", 1))), ReasonKind.DUPLICATE_CODE),
        (replace(participant(), contacts=(("telephone", 3), ("email", -1))), ReasonKind.NEGATIVE_NUMBER),
        (replace(participant(), contacts=(("pigeon", 3),)), ReasonKind.UNKNOWN_CHANNEL),
    ],
)
def test_input_that_contradicts_itself_is_sent_back(broken: object, kind: ReasonKind) -> None:
    sample = replace(problem((), shoppers(5)), participants=(broken,))  # type: ignore[arg-type]
    with pytest.raises(Infeasible) as refusal:
        solve(sample)
    assert [reason.kind for reason in refusal.value.reasons] == [kind]
    assert refusal.value.reasons[0].participants == ("p1",)


def test_the_same_code_twice_is_sent_back() -> None:
    sample = problem((participant(), participant()), (*shoppers(2), *shoppers(2)))
    reasons = explain(sample)
    assert [(reason.participants, reason.shoppers) for reason in reasons] == [
        (("p1",), ()),
        ((), ("s01",)),
        ((), ("s02",)),
    ]


def test_made_contacts_count_in_the_explanation() -> None:
    made = PlannedContact("p1", "s01", "telephone", dt.date(2022, 1, 3), "09-11", "k")
    reason = the_reason(replace(problem((participant(),), shoppers(3)), fixed=(made,)))
    assert reason.kind is ReasonKind.TOO_FEW_SHOPPERS
    assert (reason.number("needed"), reason.number("usable"), reason.number("met")) == (3, 2, 1)


def test_an_edition_of_real_size_is_explained() -> None:
    sample = edition(5, n_participants=190, n_shoppers=88, n_classes=24, max_contacts=50)
    reasons = explain(sample)
    assert [reason.kind for reason in reasons] == [ReasonKind.TOO_LITTLE_CAPACITY]
    room = sum(min(50, 6 * len({iso_week(d) for d in sample.days if s.is_available(d)})) for s in sample.shoppers)
    assert dict(reasons[0].numbers) | {"lost_to_weeks": 0} == {
        "needed": 4750,
        "room": room,
        "short": 4750 - room,
        "lost_to_weeks": 0,
        "weeks": 18,
    }
    assert explain(mended(sample, reasons)) == ()
