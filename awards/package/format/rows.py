"""One edition as typed rows: what the files of a package say, without their notation.

Text that is not given is `""`; a number, date or time that is not given is None; a list that is not given is `()`.
Codes are the identifiers of the files. Instants are aware and in UTC. Decimals are exact, with at most 6 digits before
and 9 after the point. `channels` hold a subset of `words.CHANNELS` in that order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from surveys.engine.words import CHANNELS, EMAIL, SCORED_AREAS


@dataclass(frozen=True, slots=True)
class EditionSettings:
    """`edition.csv`: the edition and its rules. Weights are percent of the total and sum to 100."""

    code: str
    award: str
    year: int
    starts_on: dt.date
    ends_on: dt.date
    contacts_per_participant: int
    max_channels: int
    weight_wait: Decimal
    weight_welcome: Decimal
    weight_agent: Decimal
    weight_overall: Decimal
    key_telephone: Decimal
    key_email: Decimal
    key_chat: Decimal
    key_messenger: Decimal
    min_counted: int
    min_channel_contacts: int
    timezone: str
    opens_at: dt.time
    closes_at: dt.time
    closed_days: tuple[dt.date, ...]
    name_nb: str
    name_en: str

    @property
    def weights(self) -> Mapping[str, Decimal]:
        """Area → its weight."""
        return {area: getattr(self, f"weight_{area}") for area in SCORED_AREAS}

    @property
    def distribution_key(self) -> Mapping[str, Decimal]:
        """Channel → its weight when contacts are split."""
        return {channel: getattr(self, f"key_{channel}") for channel in CHANNELS}


@dataclass(frozen=True, slots=True)
class ClassRow:
    """`classes.csv`."""

    code: str
    name_nb: str
    name_en: str


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """`participants.csv`. A channel without an address is closed; the `*_contacts` override the distribution key."""

    code: str
    name: str
    award_class: str
    website: str
    report_email: str
    telephone: str
    email: str
    contact_form: str
    chat: str
    messenger: str
    telephone_contacts: int | None
    email_contacts: int | None
    chat_contacts: int | None
    messenger_contacts: int | None

    @property
    def open_channels(self) -> tuple[str, ...]:
        """The channels a shopper can reach it on, in priority order. A contact form opens the channel e-mail."""
        addresses = {channel: getattr(self, channel) for channel in CHANNELS}
        addresses[EMAIL] = self.email or self.contact_form
        return tuple(channel for channel, address in addresses.items() if address)

    @property
    def contact_overrides(self) -> Mapping[str, int]:
        """Channel → the given number of contacts, where one is given."""
        given = {channel: getattr(self, f"{channel}_contacts") for channel in CHANNELS}
        return {channel: count for channel, count in given.items() if count is not None}


@dataclass(frozen=True, slots=True)
class ShopperRow:
    """`shoppers.csv`."""

    code: str
    name: str
    email: str
    birth_year: int | None
    gender: str
    county: str
    channels: tuple[str, ...]
    max_contacts: int
    max_per_week: int | None
    available_from: dt.date | None
    available_to: dt.date | None


@dataclass(frozen=True, slots=True)
class RelationRow:
    """`relations.csv`: a pair that must never meet."""

    shopper: str
    participant: str
    kind: str


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """`questions.csv`. No `channels` means all of them; naming all four is the same thing and is kept as none."""

    code: str
    area: str
    order: int
    text_nb: str
    text_en: str
    kind: str
    channels: tuple[str, ...]
    metric: str
    scale_min: int | None
    scale_max: int | None
    required: bool

    def fits(self, channel: str) -> bool:
        """Whether the question is asked after a contact on the channel."""
        return not self.channels or channel in self.channels


@dataclass(frozen=True, slots=True)
class OptionRow:
    """`options.csv`. `points` None = gives no points. `code` is unique within its question."""

    question: str
    code: str
    order: int
    text_nb: str
    text_en: str
    points: Decimal | None
    not_applicable: bool


@dataclass(frozen=True, slots=True)
class WaitBandRow:
    """`wait_bands.csv`: a wait of at most `up_to` (in `unit`) is worth `percent`; None = any wait beyond the others."""

    channel: str
    unit: str
    up_to: Decimal | None
    percent: Decimal


@dataclass(frozen=True, slots=True)
class RoleplayRow:
    """`roleplays.csv`."""

    code: str
    award_class: str
    title_nb: str
    text_nb: str
    title_en: str
    text_en: str


@dataclass(frozen=True, slots=True)
class ContactRow:
    """`contacts.csv`. `outcome` empty = not made yet; `wait` is in the channel's unit; `week` is ISO (`2022-W03`)."""

    code: str
    participant: str
    shopper: str
    channel: str
    week: str
    planned_on: dt.date | None
    window: str
    outcome: str
    contacted_at: dt.datetime | None
    answered_at: dt.datetime | None
    wait: Decimal | None
    review: str


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """`attempts.csv`."""

    contact: str
    number: int
    started_at: dt.datetime
    wait_seconds: Decimal | None
    result: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """`answers.csv`: one ticked `option` (and no value), or a `value` on a scale (and no option)."""

    contact: str
    question: str
    option: str
    value: int | None


@dataclass(frozen=True, slots=True)
class CommentRow:
    """`comments.csv`."""

    contact: str
    area: str
    text: str


@dataclass(frozen=True, slots=True)
class EditionPackage:
    """A whole edition. Every table is in the canonical order of its identifiers, so equal packages compare equal."""

    edition: EditionSettings
    classes: tuple[ClassRow, ...]
    participants: tuple[ParticipantRow, ...]
    shoppers: tuple[ShopperRow, ...]
    relations: tuple[RelationRow, ...]
    questions: tuple[QuestionRow, ...]
    options: tuple[OptionRow, ...]
    wait_bands: tuple[WaitBandRow, ...]
    roleplays: tuple[RoleplayRow, ...] = ()
    contacts: tuple[ContactRow, ...] = ()
    attempts: tuple[AttemptRow, ...] = ()
    answers: tuple[AnswerRow, ...] = ()
    comments: tuple[CommentRow, ...] = ()
