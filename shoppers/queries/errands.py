"""A shopper's contacts as they meet them: what to do now, what is late, what comes, what is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from kundeservice.core.models import User
from shoppers.models import Assignment
from surveys.engine.waiting import WaitRules
from surveys.engine.weeks import iso_week
from surveys.models import Channel, Contact, Edition, Outcome, Phase, ReviewState
from surveys.queries.attempts import Tries, is_answer_overdue, next_attempt_allowed_on, tries_of
from surveys.queries.begun import is_begun
from surveys.queries.questionnaire import wait_rules_of
from surveys.queries.returns import ReturnNote, return_notes

SHOWN_PHASES = (Phase.PLANNED, Phase.FIELD, Phase.REVIEW)
CHANNELS = tuple(Channel.values)


class Step(StrEnum):
    """What the shopper does next with a contact."""

    BEGIN = "begin"
    UNDER_WAY = "under_way"
    TRY_AGAIN = "try_again"
    TRY_LATER = "try_later"
    FILL_IN = "fill_in"
    HAND_IN = "hand_in"
    WAIT_FOR_REVIEW = "wait_for_review"
    NOTHING = "nothing"

    @property
    def mark(self) -> str:
        """The chip's shape, so that colour is never alone."""
        return {
            Step.BEGIN: "empty",
            Step.WAIT_FOR_REVIEW: "waiting",
            Step.NOTHING: "done",
            Step.TRY_LATER: "waiting",
        }.get(self, "begun")


def step_of(contact: Contact, tries: Tries, *, edition: Edition, today: dt.date) -> Step:
    """The next step, from the contact's attempts and its review."""
    if contact.review == ReviewState.SUBMITTED:
        return Step.WAIT_FOR_REVIEW
    if contact.outcome and contact.review != ReviewState.RETURNED:
        return Step.NOTHING
    if tries.is_decided:
        return Step.FILL_IN if tries.outcome == Outcome.ANSWERED else Step.HAND_IN
    if tries.running_since is not None:
        return Step.UNDER_WAY
    earliest = next_attempt_allowed_on(tries, edition=edition)
    if earliest is None:
        return Step.BEGIN
    return Step.TRY_AGAIN if today >= earliest else Step.TRY_LATER


def step_label(step: Step, contact: Contact) -> str:
    """The step in words on a card."""
    channel = contact.channel
    if contact.review == ReviewState.RETURNED and step in (Step.FILL_IN, Step.HAND_IN):
        return _("Rett og lever på nytt")
    if contact.review == ReviewState.RETURNED and step == Step.BEGIN:
        return _("Gjør henvendelsen på nytt")
    if step == Step.UNDER_WAY:
        return _("Venter på svar") if channel in (Channel.EMAIL, Channel.MESSENGER) else _("Forsøk i gang")
    return {
        Step.BEGIN: _("Ikke begynt"),
        Step.TRY_AGAIN: _("Klar for andre forsøk"),
        Step.TRY_LATER: _("Andre forsøk en annen dag"),
        Step.FILL_IN: _("Fyll ut skjemaet"),
        Step.HAND_IN: _("Ikke svar – klar til å leveres"),
        Step.WAIT_FOR_REVIEW: _("Til gjennomgang"),
        Step.NOTHING: _("Ferdig"),
    }[step]


@dataclass(frozen=True, slots=True)
class ErrandCard:
    """One contact on the shopper's list. `note` is the reviewer's, where the response came back."""

    edition_code: str
    code: str
    participant: str
    award_class: str
    channel: str
    channel_label: str
    week: str
    planned_on: dt.date | None
    window: str
    step: Step
    label: str
    is_returned: bool
    is_time_up: bool
    note: str

    @property
    def mark(self) -> str:
        return "returned" if self.is_returned else self.step.mark

    @property
    def is_waiting(self) -> bool:
        """Whether there is nothing to do just now but wait: for an answer to what is written, or for another day."""
        written = self.channel in (Channel.EMAIL, Channel.MESSENGER)
        return self.step == Step.TRY_LATER or (self.step == Step.UNDER_WAY and written and not self.is_time_up)


@dataclass(frozen=True, slots=True)
class Errands:
    """Everything a shopper has to do and has done, in the order to do it.

    `closed` is what nobody had begun when the field period was over.
    """

    returned: tuple[ErrandCard, ...]
    time_up: tuple[ErrandCard, ...]
    overdue: tuple[ErrandCard, ...]
    this_week: tuple[ErrandCard, ...]
    coming: tuple[ErrandCard, ...]
    done: tuple[ErrandCard, ...]
    closed: tuple[ErrandCard, ...]

    @property
    def is_empty(self) -> bool:
        todo = (*self.returned, *self.time_up, *self.overdue, *self.this_week, *self.coming)
        return not (*todo, *self.done, *self.closed)

    @property
    def planned_editions(self) -> tuple[str, ...]:
        """The codes of the editions in which something is still to be done: those with a calendar worth having."""
        todo = (*self.time_up, *self.overdue, *self.this_week, *self.coming)
        return tuple(dict.fromkeys(card.edition_code for card in todo))

    @property
    def next_one(self) -> ErrandCard | None:
        """What to do first: mend, tell how it ended, catch up, then this week."""
        todo = (*self.returned, *self.time_up, *self.overdue, *self.this_week)
        return next((card for card in todo if not card.is_waiting), None)


def my_errands(user: User, *, at: dt.datetime) -> Errands:
    """The contacts of a shopper in every edition that runs.

    At most four queries for contacts of an edition, five queries for those of two editions, and so on.
    """
    assignments: list[Any] = list(
        Assignment.objects.visible_to(user)
        .filter(contact__edition__phase__in=SHOWN_PHASES)
        .exclude(contact__outcome=Outcome.VOID)
        .select_related("contact__participant__award_class", "contact__edition")
        .prefetch_related("contact__attempts")
        .annotate(is_begun=is_begun("contact"))
        .order_by("contact__week", "contact__planned_on", "contact__window", "contact__code")
    )
    contacts = [assignment.contact for assignment in assignments]
    notes = return_notes([contact.pk for contact in contacts if contact.review == ReviewState.RETURNED])
    editions = {contact.edition_id: contact.edition for contact in contacts}
    rules = {pk: wait_rules_of(edition, CHANNELS) for pk, edition in editions.items()}
    cards = [(contact, _card(contact, rules[contact.edition_id], notes, at=at)) for contact in contacts]
    shut = {row.contact_id for row in assignments if row.contact.edition.phase == Phase.REVIEW and not row.is_begun}
    return _grouped(cards, shut=shut, at=at)


def _card(
    contact: Contact, rules: Mapping[str, WaitRules], notes: Mapping[int, ReturnNote], *, at: dt.datetime
) -> ErrandCard:
    edition = contact.edition
    tries = tries_of(contact, edition=edition, rules=rules[contact.channel])
    step = step_of(contact, tries, edition=edition, today=at.astimezone(edition.tzinfo).date())
    note = notes.get(contact.pk)
    is_time_up = is_answer_overdue(tries, edition=edition, rules=rules[contact.channel], at=at)
    return ErrandCard(
        edition_code=edition.code,
        code=contact.code,
        participant=contact.participant.name,
        award_class=contact.participant.award_class.name,
        channel=contact.channel,
        channel_label=str(Channel(contact.channel).label),
        week=contact.week,
        planned_on=contact.planned_on,
        window=contact.get_window_display(),
        step=step,
        label=_("Svarfristen er ute") if is_time_up else step_label(step, contact),
        is_returned=contact.review == ReviewState.RETURNED,
        is_time_up=is_time_up,
        note=note.note if note else "",
    )


def _grouped(cards: Sequence[tuple[Contact, ErrandCard]], *, shut: Container[int], at: dt.datetime) -> Errands:
    groups: dict[str, list[ErrandCard]] = {}
    for contact, card in cards:
        group = "closed" if contact.pk in shut else _group(contact, card, at=at)
        groups.setdefault(group, []).append(card)
    in_order = ("returned", "time_up", "overdue", "this_week", "coming", "closed")
    named = {name: tuple(groups.get(name, ())) for name in in_order}
    return Errands(**named, done=tuple(reversed(groups.get("done", ()))))


def _group(contact: Contact, card: ErrandCard, *, at: dt.datetime) -> str:
    if contact.review == ReviewState.RETURNED:
        return "returned"
    if card.step in (Step.WAIT_FOR_REVIEW, Step.NOTHING):
        return "done"
    if card.is_time_up:
        return "time_up"
    this_week = iso_week(at.astimezone(contact.edition.tzinfo))
    # What waits for an answer or for another day is not late, whatever week it was planned in.
    if contact.week < this_week and card.step in (Step.UNDER_WAY, Step.TRY_LATER):
        return "this_week"
    if contact.week == this_week:
        return "this_week"
    return "overdue" if contact.week < this_week else "coming"


def has_finished(user: User) -> bool:
    """Whether the shopper had contacts in an edition whose answers are closed by now. One query."""
    return Assignment.objects.visible_to(user).filter(contact__edition__phase__gte=Phase.LOCKED).exists()


def visible_assignments(user: User) -> QuerySet[Assignment]:
    """The shopper's own contacts with what their pages show; anybody else's are not there."""
    return (
        Assignment.objects.visible_to(user)
        .filter(contact__edition__phase__in=SHOWN_PHASES)
        .exclude(contact__outcome=Outcome.VOID)
        .select_related("contact__participant__award_class", "contact__edition", "contact__response")
    )


def contacts_of(user: User) -> QuerySet[Contact]:
    """The contacts that are a person's to make: what a service of `surveys` looks through behind its lock."""
    return Contact.objects.filter(pk__in=Assignment.objects.visible_to(user).order_by().values("contact"))


def last_field_day(user: User) -> dt.date | None:
    """The last day of the last field period the person still has contacts in; None without contacts. One query."""
    return visible_assignments(user).aggregate(last=Max("contact__edition__ends_on"))["last"]
