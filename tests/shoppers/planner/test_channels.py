"""How contacts are split over a participant's channels."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoppers.planner import Infeasible, ReasonKind, chosen_channels, remaining_contacts, split_contacts
from surveys.engine.words import CHANNELS

KEY = {"telephone": 50, "email": 30, "chat": 20, "messenger": 20}


@pytest.mark.parametrize(
    ("is_open", "expected"),
    [
        # 12.5 + 7.5 + 5: one contact is left over and both have remainder ½, so telephone goes first
        ("telephone email chat", (("telephone", 13), ("email", 7), ("chat", 5))),
        ("telephone email messenger", (("telephone", 13), ("email", 7), ("messenger", 5))),
        # Messenger counts only where chat is closed
        ("telephone email chat messenger", (("telephone", 13), ("email", 7), ("chat", 5))),
        ("chat messenger", (("chat", 25),)),
        # 25 × 50/80 = 15.625 and 9.375
        ("telephone email", (("telephone", 16), ("email", 9))),
        ("telephone", (("telephone", 25),)),
        ("messenger", (("messenger", 25),)),
    ],
)
def test_the_key_is_shared_by_largest_remainder(is_open: str, expected: tuple[tuple[str, int], ...]) -> None:
    assert split_contacts(is_open.split(), KEY, 25, 3) == expected


def test_at_most_so_many_channels_are_used() -> None:
    assert split_contacts(CHANNELS, KEY, 25, 2) == (("telephone", 16), ("email", 9))
    assert chosen_channels(["messenger", "email"], 1) == ("email",)


def test_the_key_may_be_decimal_and_a_channel_may_weigh_nothing() -> None:
    assert split_contacts(["telephone", "email"], {"telephone": Decimal("0.5"), "email": 0}, 4, 3) == (
        ("telephone", 4),
    )


def test_explicit_numbers_replace_the_split() -> None:
    given_numbers = {"telephone": 20, "messenger": 5, "email": 0}
    assert split_contacts(CHANNELS, KEY, 25, 3, given_numbers) == (("telephone", 20), ("messenger", 5))


@pytest.mark.parametrize(
    ("is_open", "overrides", "kind"),
    [
        ("", {}, ReasonKind.NO_OPEN_CHANNEL),
        ("telephone", {"telephone": 24}, ReasonKind.OVERRIDE_SUM),
        ("telephone email", {"telephone": 20, "email": 6}, ReasonKind.OVERRIDE_SUM),
        ("telephone", {"telephone": 20, "email": 5}, ReasonKind.OVERRIDE_CLOSED),
        ("telephone", {"telephone": 26, "email": -1}, ReasonKind.NEGATIVE_NUMBER),
        ("telephone email chat messenger", dict.fromkeys(CHANNELS, 5) | {"chat": 10}, ReasonKind.OVERRIDE_CHANNELS),
        ("telephone pigeon", {}, ReasonKind.UNKNOWN_CHANNEL),
    ],
)
def test_contradictions_are_explained(is_open: str, overrides: dict[str, int], kind: ReasonKind) -> None:
    with pytest.raises(Infeasible) as refusal:
        split_contacts(is_open.split(), KEY, 25, 3, overrides)
    assert [reason.kind for reason in refusal.value.reasons] == [kind]


def test_a_key_that_weighs_nothing_is_explained() -> None:
    with pytest.raises(Infeasible) as refusal:
        split_contacts(["telephone"], {"email": 100}, 25, 3)
    assert refusal.value.reasons[0].kind is ReasonKind.NO_WEIGHT
    assert refusal.value.reasons[0].channels == ("telephone",)


def test_what_is_given_and_what_is_needed_are_named() -> None:
    with pytest.raises(Infeasible) as refusal:
        split_contacts(["telephone"], KEY, 25, 3, {"telephone": 24})
    reason = refusal.value.reasons[0]
    assert (reason.number("given"), reason.number("needed")) == (24, 25)


@given(
    st.sets(st.sampled_from(CHANNELS), min_size=1),
    st.fixed_dictionaries({channel: st.integers(1, 100) for channel in CHANNELS}),
    st.integers(0, 60),
    st.integers(1, 4),
)
def test_every_split_sums_up_and_is_within_one_of_the_exact_share(
    is_open: set[str], weights: dict[str, int], contacts: int, most: int
) -> None:
    split = dict(split_contacts(is_open, weights, contacts, most))
    used = chosen_channels(is_open, most)
    assert sum(split.values()) == contacts
    whole = sum(weights[channel] for channel in used)
    assert all(abs(split.get(channel, 0) - Decimal(contacts * weights[channel]) / whole) < 1 for channel in used)


def test_contacts_made_are_taken_off_and_a_surplus_comes_out_of_the_largest_rest() -> None:
    planned = (("telephone", 13), ("email", 7), ("chat", 5))
    assert remaining_contacts(planned, {"telephone": 3}) == (("telephone", 10), ("email", 7), ("chat", 5))
    # five chats were made before the channel closed: the telephone, with most left, gives up five
    assert remaining_contacts((("telephone", 16), ("email", 9)), {"chat": 5}) == (("telephone", 11), ("email", 9))
    assert remaining_contacts((("telephone", 2),), {"telephone": 3}) == ()
