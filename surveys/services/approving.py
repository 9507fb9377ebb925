"""Approving everything that needs no reading, in one act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kundeservice.core.gone import still_there
from kundeservice.core.jobs import enqueue_job
from kundeservice.core.models import Job, User
from surveys.models import Edition
from surveys.queries.clean import changed_since, queue_lines, sort_queue
from surveys.services.guard import OPEN_PHASES, hold_edition
from surveys.services.refusals import ReviewRefused
from surveys.services.review import approve_responses
from surveys.services.seen import check_seen

APPROVE_CLEAN = "surveys.approve_clean"
"""The kind of job that approves many."""
BATCH = 500
"""So many are approved behind one lock, so that a shopper who hands in meanwhile does not wait; more are for a job."""
MOST_UNCONFIRMED = 25
"""More than these are not approved together without a word that the list is looked over."""
MOST_NAMED = 20
"""So many contacts are named; the queue has the rest."""

Progress = Callable[[int, int], None]
"""Called with how many are done and how many there are in all."""


@dataclass(frozen=True, slots=True)
class ApprovedMany:
    """How many were approved, and the codes of those that somebody changed or handed in after the page was opened.

    `job` is there when they are so many that they are being approved in the background.
    """

    number: int
    changed: tuple[str, ...]
    job: Job | None = None

    @property
    def in_words(self) -> str:
        """What was approved, and what was left because somebody had changed it."""
        told = ngettext("%(number)d besvarelse er godkjent.", "%(number)d besvarelser er godkjent.", self.number)
        sentences = [told % {"number": self.number}]
        if self.changed:
            named = ", ".join(self.changed[:MOST_NAMED])
            rest = len(self.changed) - MOST_NAMED
            more = _(" og %(rest)d til") % {"rest": rest} if rest > 0 else ""
            left = _("Endret eller levert etter at du åpnet siden, og latt stå: %(named)s%(more)s.")
            sentences.append(left % {"named": named, "more": more})
        return " ".join(sentences)


def order_approval(
    *,
    edition_id: int,
    without: Collection[str],
    confirmed: bool,
    by: User,
    at: dt.datetime,
    seen: str,
    channel: str = "",
) -> ApprovedMany:
    """Approve every clean response as `approve_clean` does: at once, or by a job when there are many.

    Raises: ReviewRefused when they are many and the list is not said to be looked over; those of `approve_clean`.
    """
    edition = still_there(Edition.objects.filter(pk=edition_id))
    number = len(_wanted(edition, without=without, by=by, seen=seen, channel=channel))
    if number > MOST_UNCONFIRMED and not confirmed:
        raise ReviewRefused(_("Se over listen, og kryss av for at du har gjort det."))
    if number <= BATCH:
        return approve_clean(edition_id=edition_id, without=without, by=by, at=at, seen=seen, channel=channel)
    with transaction.atomic():
        edition = hold_edition(edition_id, phases=OPEN_PHASES)
        if Job.objects.filter(kind=APPROVE_CLEAN, subject=edition.code).unfinished().exists():
            raise ReviewRefused(_("Godkjenningen er alt i gang. Vent til den er ferdig."))
        payload = {"edition": edition.pk, "without": sorted(without), "seen": seen, "channel": channel}
        job = enqueue_job(APPROVE_CLEAN, subject=edition.code, payload=payload, created_by=by, at=at, total=number)
    return ApprovedMany(number=0, changed=(), job=job)


def approve_clean(
    *,
    edition_id: int,
    without: Collection[str],
    by: User | None,
    at: dt.datetime,
    seen: str,
    channel: str = "",
    progress: Progress | None = None,
) -> ApprovedMany:
    """Approve every clean response of the queue as it was at version `seen`, but those of the codes in `without`.

    A response is clean when `sort_queue` says that it may be approved unread; it is asked again behind the lock, a
    batch at a time. What has changed since `seen` is left for somebody to look at. Run again it goes on where it was.

    Raises: ChangedMeanwhile when the edition was imported since; EditionLocked, EditionNotOpen, GoneMeanwhile.
    """
    edition = still_there(Edition.objects.filter(pk=edition_id))
    wanted = _wanted(edition, without=without, by=by, seen=seen, channel=channel)
    number = 0
    # With nothing to approve the edition is held once all the same: a locked one must say so.
    for first in range(0, max(len(wanted), 1), BATCH):
        number += _approve(edition_id, wanted[first : first + BATCH], by=by, at=at, seen=seen)
        if progress is not None:
            progress(number, len(wanted))
    return ApprovedMany(number=number, changed=tuple(sorted(changed_since(edition, seen, by=by))))


def _wanted(edition: Edition, *, without: Collection[str], by: User | None, seen: str, channel: str) -> list[int]:
    """The keys of what is clean, is not held back, and has not changed since.

    Raises: ChangedMeanwhile when an import may have changed all of it.
    """
    changed = changed_since(edition, seen, by=by)
    if edition.code in changed:
        check_seen(queue_lines(edition), seen)
    held_back = {*without, *changed}
    return [row.contact_id for row in sort_queue(edition, channel=channel).clean if row.contact_code not in held_back]


@transaction.atomic
def _approve(edition_id: int, contact_ids: Collection[int], *, by: User | None, at: dt.datetime, seen: str) -> int:
    edition = hold_edition(edition_id, phases=OPEN_PHASES)
    changed = changed_since(edition, seen, by=by)
    if edition.code in changed:
        check_seen(queue_lines(edition), seen)
    still_clean = sort_queue(edition, only=contact_ids).clean
    ids = [row.contact_id for row in still_clean if row.contact_code not in changed]
    return approve_responses(edition_id=edition_id, contact_ids=ids, by=by, at=at)
