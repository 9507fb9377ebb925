"""One contact as its shopper sees it: whom to reach and how, which part to play, and how far it has come."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from kundeservice.core.language import reader_language
from kundeservice.core.numbers import format_number
from shoppers.queries.errands import Step, step_label, step_of
from surveys.engine.waiting import WaitRules
from surveys.engine.weeks import iso_week
from surveys.engine.working_days import NOON, is_working_day
from surveys.models import AddressKind, Channel, Contact, Edition, Phase, ReviewState
from surveys.queries.attempts import Tries, is_answer_overdue, next_attempt_allowed_on, time_is_up_at, tries_of
from surveys.queries.drafts import saved_response
from surveys.queries.questionnaire import roleplay_for, wait_rules_for
from surveys.queries.returns import ReturnNote, return_notes

BEFORE_AN_ATTEMPT = (Step.BEGIN, Step.TRY_AGAIN, Step.TRY_LATER)
_WEB_ADDRESS = re.compile(r"^https?://", re.IGNORECASE)
_NO_DIAL_SIGNS = re.compile(r"[^0-9+]")


@dataclass(frozen=True, slots=True)
class WayToReach:
    """An address of the participant; `href` is empty where it is no telephone number, mail address or web page."""

    kind: str
    label: str
    address: str
    href: str

    @property
    def is_web(self) -> bool:
        return self.href.startswith("http")


@dataclass(frozen=True, slots=True)
class Role:
    """The part to play."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a contact has come: its channel's rules, its attempts, and the step they lead to.

    `is_open` says whether the shopper may still change something (the services decide in the end).
    """

    rules: WaitRules
    tries: Tries
    step: Step
    is_open: bool

    @property
    def may_be_filled_in(self) -> bool:
        return self.is_open and self.step == Step.FILL_IN


@dataclass(frozen=True, slots=True)
class Briefing:
    """Everything on a contact's page."""

    contact: Contact
    edition: Edition
    participant: str
    award_class: str
    website: str
    channel: str
    channel_label: str
    ways: tuple[WayToReach, ...]
    role: Role | None
    rules: WaitRules
    tries: Tries
    step: Step
    label: str
    returned: ReturnNote | None
    submitted_at: dt.datetime | None
    time_is_up_at: dt.datetime | None
    next_attempt_on: dt.date | None
    is_answer_overdue: bool
    is_open: bool
    is_outside_planned_week: bool
    is_week_past: bool
    is_bad_time_for_email: bool

    @property
    def is_stopwatch(self) -> bool:
        """Whether the wait is measured while the shopper waits."""
        return not self.rules.is_counted_in_days

    @property
    def has_form(self) -> bool:
        """Whether the participant has a contact form on the web."""
        return any(way.kind == AddressKind.CONTACT_FORM for way in self.ways)

    @property
    def is_form_only(self) -> bool:
        """Whether a contact form is the one way in: there is no e-mail of one's own to send."""
        return self.has_form and not any(way.kind == AddressKind.EMAIL for way in self.ways)

    @property
    def mark(self) -> str:
        return "returned" if self.contact.review == ReviewState.RETURNED else self.step.mark

    @property
    def limit_minutes(self) -> str:
        """The limit in minutes as one reads it: 5, or 2,5."""
        decimals = 0 if self.rules.limit % 60 == 0 else 1
        return format_number(self.rules.limit / 60, decimals, language=reader_language())

    @property
    def last_day(self) -> dt.date | None:
        """The last day an e-mail under way may be answered."""
        if self.time_is_up_at is None:
            return None
        return (self.time_is_up_at.astimezone(self.edition.tzinfo) - dt.timedelta(microseconds=1)).date()

    @property
    def wait_days(self) -> int | None:
        """An e-mail's wait in working days."""
        wait = self.tries.wait
        return int(wait) if wait is not None and self.rules.is_counted_in_days else None

    @property
    def warns_of_week(self) -> bool:
        return self.step in BEFORE_AN_ATTEMPT and not self.tries.finished and self.is_outside_planned_week

    @property
    def warns_of_noon(self) -> bool:
        return self.step in BEFORE_AN_ATTEMPT and self.rules.is_counted_in_days and self.is_bad_time_for_email

    @property
    def can_tell_afterwards(self) -> bool:
        return self.is_open and self.step in BEFORE_AN_ATTEMPT

    @property
    def may_be_answered_late(self) -> bool:
        """Messenger's special case: the first message is unanswered, and no second one is sent."""
        waiting = self.step in (Step.TRY_AGAIN, Step.TRY_LATER)
        return self.channel == Channel.MESSENGER and self.rules.beyond and waiting

    @property
    def can_undo(self) -> bool:
        begun = bool(self.tries.finished) or self.tries.running_since is not None or self.tries.is_decided
        return self.is_open and begun and self.step not in (Step.WAIT_FOR_REVIEW, Step.NOTHING)


def read_standing(contact: Contact, *, at: dt.datetime) -> Standing:
    """Read how far a contact has come. Two queries; the contact is read with its edition and its response."""
    edition = contact.edition
    rules = wait_rules_for(edition, contact.channel)
    tries = tries_of(contact, edition=edition, rules=rules)
    step = step_of(contact, tries, edition=edition, today=at.astimezone(edition.tzinfo).date())
    return Standing(rules=rules, tries=tries, step=step, is_open=_is_open(contact, tries))


def read_briefing(contact: Contact, *, at: dt.datetime) -> Briefing:
    """Read a contact for its page. Five queries at the most; it is read with participant, edition and response."""
    edition, participant = contact.edition, contact.participant
    standing = read_standing(contact, at=at)
    rules, tries = standing.rules, standing.tries
    local = at.astimezone(edition.tzinfo)
    part = roleplay_for(contact)
    response = saved_response(contact)
    return Briefing(
        contact=contact,
        edition=edition,
        participant=participant.name,
        award_class=participant.award_class.name,
        website=participant.website if _WEB_ADDRESS.match(participant.website) else "",
        channel=contact.channel,
        channel_label=str(Channel(contact.channel).label),
        ways=_ways(contact),
        role=Role(part.title, part.text) if part else None,
        rules=rules,
        tries=tries,
        step=standing.step,
        label=step_label(standing.step, contact),
        returned=_note(contact),
        submitted_at=response.submitted_at if response else None,
        time_is_up_at=_deadline(tries, edition=edition, rules=rules),
        is_answer_overdue=is_answer_overdue(tries, edition=edition, rules=rules, at=at),
        next_attempt_on=next_attempt_allowed_on(tries, edition=edition),
        is_open=standing.is_open,
        is_outside_planned_week=iso_week(local) != contact.week,
        is_week_past=contact.week < iso_week(local),
        is_bad_time_for_email=not is_working_day(local.date(), edition.closed_dates) or local.time() >= NOON,
    )


def _ways(contact: Contact) -> tuple[WayToReach, ...]:
    points = [point for point in contact.participant.contact_points.all() if point.channel == contact.channel]
    order = list(AddressKind.values)
    return tuple(
        WayToReach(
            kind=point.kind,
            label=point.get_kind_display(),
            address=point.address,
            href=link_to(point.kind, point.address),
        )
        for point in sorted(points, key=lambda point: order.index(point.kind))
    )


def link_to(kind: str, address: str) -> str:
    """What pressing the address does: call, write, or open a page. Empty for anything else, scripts included."""
    if kind == AddressKind.TELEPHONE:
        number = _NO_DIAL_SIGNS.sub("", address)
        return f"tel:{number}" if number else ""
    if kind == AddressKind.EMAIL and "@" in address:
        return f"mailto:{address}"
    return address if _WEB_ADDRESS.match(address) else ""


def _note(contact: Contact) -> ReturnNote | None:
    if contact.review != ReviewState.RETURNED:
        return None
    return return_notes([contact.pk]).get(contact.pk)


def _deadline(tries: Tries, *, edition: Edition, rules: WaitRules) -> dt.datetime | None:
    if tries.running_since is None:
        return None
    return time_is_up_at(tries.running_since, edition=edition, rules=rules)


def _is_open(contact: Contact, tries: Tries) -> bool:
    phase = contact.edition.phase
    if phase != Phase.REVIEW:
        return phase == Phase.FIELD
    begun = bool(tries.finished) or contact.contacted_at is not None or saved_response(contact) is not None
    return begun or contact.review == ReviewState.RETURNED
