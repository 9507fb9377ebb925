"""The life of an edition and the review of a contact as tables of arrows: from where, to where, and what must hold.

Whoever moves one of them names the arrow; nothing else writes an edition's phase or a contact's review. A package that
is read in may set both, as it brings an edition that has lived elsewhere (`awards.package.services`).
`docs/architecture.md` draws the tables (`scripts/draw_arrows.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from kundeservice.core.models import User
from kundeservice.core.services.audit import record_event
from surveys.models import Channel, Contact, Edition, Phase, ReviewState, WaitBand
from surveys.queries.begun import begun_contacts
from surveys.queries.gates import undone_before_closing
from surveys.queries.questionnaire import questionnaires_of
from surveys.services.refusals import EditionNotReady, ReasonNeeded, WorkBegun, wrong_phase

PHASE_CHANGED = "edition.phase_changed"
NOT_IN_REVIEW = ""
"""A contact's review before it is handed in, and while it is annulled."""

Guard = Callable[[Edition, str], None]
"""What must hold of an edition before it moves, given the reason; raises a `SurveyRefusal` where it does not."""


class EditionMove(StrEnum):
    """What takes an edition from one phase to the next, or back."""

    PLAN = "plan"
    OPEN = "open"
    TAKE_BACK_OPENING = "take back the opening"
    CLOSE = "close"
    REOPEN = "reopen"
    LOCK = "lock"
    UNLOCK = "unlock"
    PUBLISH = "publish"


class ReviewMove(StrEnum):
    """What takes a contact from one state of its review to the next, or back."""

    HAND_IN = "hand in"
    APPROVE = "approve"
    RETURN = "return"
    TAKE_OVER = "take over"
    VOID = "annul"
    PUT_BACK = "put back"
    PUT_BACK_RETURNED = "put back, returned"
    PUT_BACK_UNMADE = "put back, not made"


def somebody_says_why(_edition: Edition, reason: str) -> None:
    """Raises: ReasonNeeded."""
    if not reason:
        raise ReasonNeeded


def undone_is_explained(edition: Edition, reason: str) -> None:
    """Raises: ReasonNeeded, with what is undone, when contacts are not made and nobody says why."""
    undone = undone_before_closing(edition)
    if undone and not reason:
        raise ReasonNeeded(part.text for part in undone)


def nobody_has_begun(edition: Edition, _reason: str) -> None:
    """Raises: WorkBegun."""
    begun = begun_contacts(edition).count()
    if begun:
        raise WorkBegun(begun)


def everything_is_there(edition: Edition, _reason: str) -> None:
    """Raises: EditionNotReady, with what the edition lacks before shoppers can begin."""
    problems = list(_lacking(edition))
    if problems:
        raise EditionNotReady(problems)


@dataclass(frozen=True, slots=True)
class PhaseArrow:
    """From any of `sources` to `target`. `guards` are asked in turn; `checked_by` asks what only its app can know."""

    sources: tuple[Phase, ...]
    target: Phase
    guards: tuple[Guard, ...] = ()
    checked_by: str = ""


@dataclass(frozen=True, slots=True)
class ReviewArrow:
    """From any of `sources` to `target`, by the service that says in words why not."""

    sources: tuple[str, ...]
    target: str
    checked_by: str


PHASE_ARROWS: Mapping[EditionMove, PhaseArrow] = {
    EditionMove.PLAN: PhaseArrow((Phase.DRAFT,), Phase.PLANNED, checked_by="shoppers.services.planning.keep_plan"),
    EditionMove.OPEN: PhaseArrow((Phase.PLANNED,), Phase.FIELD, (everything_is_there,)),
    EditionMove.TAKE_BACK_OPENING: PhaseArrow((Phase.FIELD,), Phase.PLANNED, (somebody_says_why, nobody_has_begun)),
    EditionMove.CLOSE: PhaseArrow((Phase.FIELD,), Phase.REVIEW, (undone_is_explained,)),
    EditionMove.REOPEN: PhaseArrow((Phase.REVIEW,), Phase.FIELD, (somebody_says_why,)),
    EditionMove.LOCK: PhaseArrow(
        (Phase.REVIEW,), Phase.LOCKED, checked_by="awards.publication.services.publishing.lock_edition"
    ),
    EditionMove.UNLOCK: PhaseArrow(
        (Phase.LOCKED, Phase.PUBLISHED),
        Phase.REVIEW,
        checked_by="surveys.services.leader_requests.agree_to_request",
    ),
    EditionMove.PUBLISH: PhaseArrow(
        (Phase.LOCKED,), Phase.PUBLISHED, checked_by="awards.publication.services.publishing.publish_edition"
    ),
}

REVIEW_ARROWS: Mapping[ReviewMove, ReviewArrow] = {
    ReviewMove.HAND_IN: ReviewArrow(
        (NOT_IN_REVIEW, ReviewState.RETURNED), ReviewState.SUBMITTED, "surveys.services.handing_in.submit_response"
    ),
    ReviewMove.APPROVE: ReviewArrow(
        (ReviewState.SUBMITTED,), ReviewState.APPROVED, "surveys.services.review.approve_response"
    ),
    # An answer that came with a package has never been in the review, and can be sent back all the same.
    ReviewMove.RETURN: ReviewArrow(
        (ReviewState.SUBMITTED, ReviewState.APPROVED, NOT_IN_REVIEW),
        ReviewState.RETURNED,
        "surveys.services.review.return_response",
    ),
    ReviewMove.TAKE_OVER: ReviewArrow(
        (ReviewState.RETURNED,), ReviewState.SUBMITTED, "surveys.services.review.take_over_response"
    ),
    ReviewMove.VOID: ReviewArrow(
        (NOT_IN_REVIEW, *ReviewState), NOT_IN_REVIEW, "surveys.services.voiding.agree_to_void"
    ),
    ReviewMove.PUT_BACK: ReviewArrow((NOT_IN_REVIEW,), ReviewState.SUBMITTED, "surveys.services.voiding.lift_voiding"),
    ReviewMove.PUT_BACK_RETURNED: ReviewArrow(
        (NOT_IN_REVIEW,), ReviewState.RETURNED, "surveys.services.voiding.lift_voiding"
    ),
    ReviewMove.PUT_BACK_UNMADE: ReviewArrow((NOT_IN_REVIEW,), NOT_IN_REVIEW, "surveys.services.voiding.lift_voiding"),
}


def move_edition(
    edition: Edition,
    move: EditionMove,
    *,
    by: User | None,
    at: dt.datetime,
    reason: str = "",
    action: str = PHASE_CHANGED,
    detail: Mapping[str, object] | None = None,
) -> Edition:
    """Take an edition whose row is held along an arrow, and log it as `action` with `detail`.

    Raises: EditionNotOpen when no such arrow goes from where the edition is, and what the arrow's guards raise.
    """
    arrow = PHASE_ARROWS[move]
    former = Phase(edition.phase)
    if former not in arrow.sources:
        raise wrong_phase(edition)
    for guard in arrow.guards:
        guard(edition, reason)
    edition.phase = arrow.target
    edition.save(update_fields=["phase"])
    if detail is None:
        detail = {"from": former.name.lower(), "to": arrow.target.name.lower()}
    told = {**detail, **({"reason": reason} if reason else {})}
    record_event(at=at, actor=by, action=action, subject=edition.code, detail=told)
    return edition


def may_move(contact: Contact, move: ReviewMove) -> bool:
    """Whether the arrow goes from where the contact's review is."""
    return contact.review in REVIEW_ARROWS[move].sources


def move_review(contact: Contact, move: ReviewMove) -> None:
    """Set a contact's review to where the arrow goes; the one who moves it writes the row, with what else changed.

    Raises: ValueError when no such arrow goes from where the review is: the service has to say so in words before.
    """
    if not may_move(contact, move):
        raise ValueError(f"no arrow '{move.value}' goes from '{contact.review}'")
    contact.review = REVIEW_ARROWS[move].target


def _lacking(edition: Edition) -> Iterator[str]:
    channels = sorted(set(Contact.objects.filter(edition=edition).order_by().values_list("channel", flat=True)))
    if not channels:
        yield _("Årgangen har ingen henvendelser. Lag planen først.")
    if sum(edition.weights.values()) != 100:
        yield _("Vektene for prestasjonsområdene må bli 100 til sammen.")
    with_bands = set(WaitBand.objects.filter(edition=edition).values_list("channel", flat=True))
    for channel, questionnaire in questionnaires_of(edition, tuple(channels)).items():
        label = Channel(channel).label
        if not any(True for _question in questionnaire):
            yield _("Spørreskjemaet har ingen spørsmål for %(channel)s.") % {"channel": label}
        if channel not in with_bands:
            yield _("%(channel)s mangler grenser for ventetid.") % {"channel": label}
