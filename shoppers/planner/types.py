"""What goes into the planner and what comes out: frozen values, no behaviour beyond look-ups.

Codes are the short identifiers of the edition package. An empty string means "not known".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from surveys.engine.words import WINDOWS


@dataclass(frozen=True, slots=True)
class ParticipantDemand:
    """One participant: how many contacts it shall get on each channel, and when it can be reached.

    `windows` are the windows in which the participant answers telephone, chat and Messenger. E-mail is
    sent before noon whatever the opening hours are.
    """

    code: str
    award_class: str
    contacts: tuple[tuple[str, int], ...]
    windows: tuple[str, ...] = WINDOWS

    @property
    def total(self) -> int:
        return sum(number for _, number in self.contacts)


@dataclass(frozen=True, slots=True)
class ShopperCapacity:
    """One shopper: what the shopper can do, how much, and when (both dates inclusive, None = no limit)."""

    code: str
    channels: frozenset[str]
    max_contacts: int
    max_per_week: int = 6
    available_from: date | None = None
    available_to: date | None = None
    gender: str = ""
    age_group: str = ""
    region: str = ""

    def is_available(self, day: date) -> bool:
        if self.available_from is not None and day < self.available_from:
            return False
        return self.available_to is None or day <= self.available_to


@dataclass(frozen=True, slots=True)
class PlannedContact:
    """One contact: who contacts whom, how and when. `key` identifies it outside the planner ("" = new)."""

    participant: str
    shopper: str
    channel: str
    day: date
    window: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class PlanningProblem:
    """One edition to plan.

    `excluded` holds (shopper, participant) pairs that must never meet. `days` are the working days of the
    field period. `fixed` contacts are made or begun: they are part of every plan, count against every limit,
    and are never held against a plan themselves.
    """

    participants: tuple[ParticipantDemand, ...]
    shoppers: tuple[ShopperCapacity, ...]
    excluded: frozenset[tuple[str, str]]
    days: tuple[date, ...]
    fixed: tuple[PlannedContact, ...] = ()


class Rule(StrEnum):
    """The hard rules, by the name a violation carries."""

    CONTACTS_PER_CHANNEL = "contacts_per_channel"
    MEETS_ONCE = "meets_once"
    UNRELATED = "unrelated"
    USABLE_CHANNEL = "usable_channel"
    MAX_CONTACTS = "max_contacts"
    MAX_PER_WEEK = "max_per_week"
    AVAILABILITY = "availability"
    WORKING_DAY = "working_day"
    WINDOW = "window"
    ONE_A_DAY = "one_a_day"


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken hard rule. `numbers` are the figures behind it, such as (("planned", 7), ("allowed", 6))."""

    rule: Rule
    participant: str = ""
    shopper: str = ""
    channel: str = ""
    day: date | None = None
    numbers: tuple[tuple[str, int], ...] = ()

    def number(self, name: str) -> int:
        return dict(self.numbers)[name]


@dataclass(frozen=True, slots=True)
class Figure:
    """One fairness figure beside the best value any plan could have; `gap` is never negative."""

    name: str
    value: Fraction | int
    bound: Fraction | int
    gap: Fraction | int


@dataclass(frozen=True, slots=True)
class Plan:
    """A valid plan and what is known about it.

    `objective` is the gaps of the figures in the order of fairness: the smaller, lexicographically, the better.
    `moves` is the budget spent by the search. `stopped_by_clock` tells that the seconds ran out first, in
    which case the same seed may give another plan next time.
    """

    contacts: tuple[PlannedContact, ...]
    figures: tuple[Figure, ...]
    seed: int
    input_digest: str
    objective: tuple[Fraction, ...]
    moves: int = 0
    stopped_by_clock: bool = False
    method: str = ""

    def figure(self, name: str) -> Figure:
        return next(figure for figure in self.figures if figure.name == name)


class MendKind(StrEnum):
    """What can be done about a reason; each kind but the last can be carried out by `mended`."""

    ADD_SHOPPERS = "add_shoppers"
    RAISE_LIMITS = "raise_limits"
    ADD_DAYS = "add_days"
    OPEN_WINDOWS = "open_windows"
    LEAVE_OUT = "leave_out"
    CORRECT_INPUT = "correct_input"


@dataclass(frozen=True, slots=True)
class Limits:
    """New limits for one shopper."""

    shopper: str
    max_contacts: int
    max_per_week: int


@dataclass(frozen=True, slots=True)
class Mend:
    """The smallest change found that removes a reason; reasons with the same mend are removed together.

    ADD_SHOPPERS: one more shopper per name in `codes` who can use `channels`, is related to nobody and available
    all through, each with room for `max_contacts` contacts and `max_per_week`. RAISE_LIMITS: `limits` for named
    shoppers; `count` is how many contacts more they allow in all (0: only more in a week). ADD_DAYS: `count`
    working days more at the end of the period. OPEN_WINDOWS: let `participants` be reached in every window.
    LEAVE_OUT: plan without `participants`. CORRECT_INPUT: what is given contradicts itself, and only the leader
    knows what was meant.
    """

    kind: MendKind
    count: int = 0
    channels: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    max_contacts: int = 0
    max_per_week: int = 0
    limits: tuple[Limits, ...] = ()


class ReasonKind(StrEnum):
    """Why there is no plan. The numbers each kind carries are listed in docs/planning.md."""

    NO_CONTACTS = "no_contacts"
    NO_OPEN_CHANNEL = "no_open_channel"
    OVERRIDE_SUM = "override_sum"
    OVERRIDE_CLOSED = "override_closed"
    OVERRIDE_CHANNELS = "override_channels"
    NO_WEIGHT = "no_weight"
    UNKNOWN_CHANNEL = "unknown_channel"
    NEGATIVE_NUMBER = "negative_number"
    DUPLICATE_CODE = "duplicate_code"
    NO_WINDOW = "no_window"
    NO_WORKING_DAYS = "no_working_days"
    PERIOD_TOO_SHORT = "period_too_short"
    NO_SHOPPER_FOR_CHANNEL = "no_shopper_for_channel"
    TOO_FEW_SHOPPERS = "too_few_shoppers"
    TOO_LITTLE_CAPACITY = "too_little_capacity"
    TOO_FEW_PER_WEEK = "too_few_per_week"
    NO_ROOM_IN_TIME = "no_room_in_time"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why there is no valid plan, as data; the words are made where the leader's language is known.

    `alternative` is another mend that was tried and would do instead of `mend`.
    """

    kind: ReasonKind
    participants: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    shoppers: tuple[str, ...] = ()
    numbers: tuple[tuple[str, int], ...] = ()
    mend: Mend | None = None
    alternative: Mend | None = None

    def number(self, name: str) -> int:
        return dict(self.numbers)[name]


class Infeasible(Exception):
    """No plan can keep every hard rule; `reasons` say why and what would help."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.reasons: tuple[Reason, ...] = tuple(reasons)
        super().__init__(", ".join(reason.kind.value for reason in self.reasons))


class ChangeKind(StrEnum):
    """What a repair did to one contact."""

    ADDED = "added"
    REMOVED = "removed"
    REPLACED = "replaced"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """One contact that a repair changed: as it was, and as it is."""

    kind: ChangeKind
    key: str
    before: PlannedContact | None
    after: PlannedContact | None


@dataclass(frozen=True, slots=True)
class Repair:
    """A repaired plan. No valid plan changes fewer than `lower_bound` of the contacts that were free to change."""

    contacts: tuple[PlannedContact, ...]
    changes: tuple[Change, ...]
    lower_bound: int
    figures: tuple[Figure, ...] = ()
    stopped_by_clock: bool = False


@dataclass(frozen=True, slots=True)
class Substitute:
    """A shopper who could take over one contact on its day, and what is known for and against.

    `load` and `week_load` are the shopper's contacts in all and in the contact's ISO week, without this one;
    `room` and `week_room` what the limits leave. `same_day` counts the shopper's other contacts that day,
    `shared_rivals` the rivals in the class the shopper meets too. `mix_change` is how much further (positive) or
    nearer the participant's mix comes to the pool's, in shoppers.
    """

    shopper: str
    load: int
    room: int
    week_load: int
    week_room: int
    same_day: int
    shared_rivals: int
    mix_change: Fraction
