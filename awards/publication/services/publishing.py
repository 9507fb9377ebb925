"""Locking an edition and letting the world see it. Publishing happens once, whoever presses first.

A planned publication comes true by itself when its moment comes (`PublicationQuerySet.published`). Here it is made sure
of before, and noted after: the phase, the log, reports that nobody has ordered.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from awards.models import Lock, Publication, ReportState, StudyKind
from awards.package.format.digest import package_sums, root_of
from awards.package.services import load_package
from awards.publication.services.verification import count_differences
from awards.report.services import queue_reports
from awards.studies.services import StudyRefused, make_study
from kundeservice.core.gone import still_there
from kundeservice.core.services.audit import record_event
from scoring.engine import DataError
from scoring.models import ScoreRun
from scoring.queries import latest_run, may_be_outdated, recount_edition
from surveys.models import Edition, LeaderRequest, Phase
from surveys.queries.versions import gate_lines
from surveys.services import check_seen
from surveys.services.arrows import EditionMove, move_edition

if TYPE_CHECKING:
    from kundeservice.core.models import User

log = logging.getLogger(__name__)

LOCK_EDITION = "awards.lock_edition"
MADE_SURE_OF_BEFORE = dt.timedelta(minutes=5)
"""So long before its moment a planned publication is counted once more, for as long as it can be withheld unseen."""


class PublicationRefused(Exception):
    """The edition cannot be locked or published as it stands; the text says why, in the reader's language."""


class AlreadyLocked(PublicationRefused):
    """Somebody has locked the edition already."""


class AlreadyPublished(PublicationRefused):
    """Somebody has published the edition already."""


@transaction.atomic
def lock_edition(*, edition_id: int, by: User | None, at: dt.datetime, reason: str = "") -> Lock:
    """Close the edition's answers and rules for good, on the count that matches them, and sum up the whole package.

    Lock and hash are one transaction: a crash between them leaves neither. `reason` says why it is locked although
    something is undone (`surveys.queries.gates`), and stays in the log.

    Raises: PublicationRefused unless the field period is over and the last count is of the answers as they are.
    """
    edition = _held(edition_id)
    if edition.is_locked:
        raise AlreadyLocked(_("%(edition)s er allerede låst.") % {"edition": edition.name})
    return _lock(edition, by=by, at=at, reason=reason)


def check_lockable(edition: Edition) -> None:
    """What can be told before a lock is ordered, without counting everything once more.

    Raises: AlreadyLocked, PublicationRefused.
    """
    if edition.is_locked:
        raise AlreadyLocked(_("%(edition)s er allerede låst.") % {"edition": edition.name})
    _check_reviewed(edition)
    run = latest_run(edition)
    if run is None:
        raise PublicationRefused(_("Resultatene er ikke beregnet. Beregn dem først."))
    if may_be_outdated(run):
        raise _outdated()


@transaction.atomic
def publish_edition(
    *, edition_id: int, by: User | None = None, at: dt.datetime, shows_confidence: bool | None = None
) -> Publication:
    """Show the edition's results to the world from now on. Locks it first if nobody has.

    Results that were published before and have been opened for change are corrected: the world is told when. Two at
    once: one publishes, the other is told so. A plan whose moment has come is noted as it came true. With
    `shows_confidence` the world also sees how sure they are; None leaves that as it was planned.

    Raises: AlreadyPublished, PublicationRefused.
    """
    edition = _held(edition_id)
    if edition.phase == Phase.PUBLISHED:
        raise AlreadyPublished(_("%(edition)s er allerede publisert.") % {"edition": edition.name})
    come = _come_true(edition, at=at)
    if come is not None:
        return _note(edition, come, at=at)
    run = _locked_run(edition, by=by, at=at)
    planned = Publication.objects.filter(edition=edition).first()
    before = planned if planned and planned.is_published else None
    moment = {"published_at": at} if before is None else {"corrected_at": at} if before.run_id != run.pk else {}
    publication, _created = Publication.objects.update_or_create(
        edition=edition,
        defaults={"run": run, **moment, "shows_confidence": _sureness(run, planned, shows_confidence, at=at)},
    )
    action = "edition.published" if before is None else "edition.corrected"
    move_edition(edition, EditionMove.PUBLISH, by=by, at=at, action=action, detail=_trace(run))
    _order_missing_reports(run, by=by, at=at)  # the participants' pages say from now on that they are being made
    return publication


@transaction.atomic
def schedule_publication(
    *,
    edition_id: int,
    publish_at: dt.datetime,
    by: User | None,
    at: dt.datetime,
    shows_confidence: bool | None = None,
) -> Publication:
    """Publish by itself at `publish_at`. Locks the edition now, so that nothing can come in the way in the meantime.

    Reports that are not made yet are ordered now: they lie ready, and sealed, when the moment comes.

    Raises: AlreadyPublished, PublicationRefused (also for a moment that has passed).
    """
    edition = _held(edition_id)
    if edition.phase == Phase.PUBLISHED or _come_true(edition, at=at):
        raise AlreadyPublished(_("%(edition)s er allerede publisert.") % {"edition": edition.name})
    if publish_at <= at:
        raise PublicationRefused(_("Velg et tidspunkt som ikke har vært."))
    if Publication.objects.filter(edition=edition, published_at__isnull=False).exists():
        raise PublicationRefused(_("En rettelse publiseres med en gang, ikke på et tidspunkt."))
    run = _locked_run(edition, by=by, at=at)
    planned = Publication.objects.filter(edition=edition).first()
    publication, _created = Publication.objects.update_or_create(
        edition=edition,
        defaults={
            "run": run,
            "publish_at": publish_at,
            "shows_confidence": _sureness(run, planned, shows_confidence, at=at),
        },
    )
    detail = {**_trace(run), "publish_at": publish_at.isoformat()}
    record_event(at=at, actor=by, action="publication.scheduled", subject=edition.code, detail=detail)
    _order_missing_reports(run, by=by, at=at)
    return publication


@transaction.atomic
def cancel_scheduled_publication(*, edition_id: int, by: User | None, at: dt.datetime, seen: str | None = None) -> None:
    """Take back a planned publication; the edition stays locked. Without one nothing happens.

    Raises: AlreadyPublished, also when its moment has come; ChangedMeanwhile.
    """
    edition = _held(edition_id)
    check_seen(gate_lines(edition), seen)
    if edition.phase == Phase.PUBLISHED or _come_true(edition, at=at):
        raise AlreadyPublished(_("%(edition)s er allerede publisert.") % {"edition": edition.name})
    take_back_plan(edition, by=by, at=at)


def publish_due_editions(*, at: dt.datetime) -> tuple[str, ...]:
    """Note every planned publication whose moment has come, and return the editions' codes.

    The public sees them already. What follows is done here, and every plan is made sure of before its moment: one whose
    results are no longer what the answers give is withheld. It holds back no other.
    """
    noted = []
    soon = Publication.objects.due(at=at + MADE_SURE_OF_BEFORE).order_by("publish_at")
    for edition_id, code in tuple(soon.values_list("edition_id", "edition__code")):
        try:
            if _note_if_come(edition_id, at=at):
                noted.append(code)
        except PublicationRefused as refusal:
            log.error("edition %s was to be published and is withheld: %s", code, refusal)
            _withhold(edition_id, reason=str(refusal), at=at)
    return tuple(noted)


@transaction.atomic
def _note_if_come(edition_id: int, *, at: dt.datetime) -> bool:
    """Make sure of a plan, and note it if its moment has come and it was not taken back while its row was waited for.

    Raises: PublicationRefused.
    """
    edition = _held(edition_id)
    planned = Publication.objects.due(at=at + MADE_SURE_OF_BEFORE).filter(edition=edition).select_related("run").first()
    if planned is None:
        log.info("edition %s is no longer to be published", edition.code)
        return False
    _make_sure_of(planned.run)
    if _come_true(edition, at=at) is None:
        return False
    _note(edition, planned, at=at)
    return True


def _come_true(edition: Edition, *, at: dt.datetime) -> Publication | None:
    """The edition's planned publication, when its moment has come and nobody has noted it."""
    return Publication.objects.due(at=at).filter(edition=edition).select_related("run").first()


def _note(edition: Edition, publication: Publication, *, at: dt.datetime) -> Publication:
    """Write down that a plan came true at the moment that was planned, whenever that is noticed."""
    _sureness(publication.run, publication, None, at=at)
    publication.published_at = publication.publish_at
    publication.save(update_fields=("published_at",))
    trace = _trace(publication.run)
    move_edition(edition, EditionMove.PUBLISH, by=None, at=at, action="edition.published", detail=trace)
    _order_missing_reports(publication.run, by=None, at=at)
    return publication


def note_before_agreeing(request_id: int, *, at: dt.datetime) -> None:
    """What the public sees already is published, and no plan that can be taken back with the lock."""
    edition_id = LeaderRequest.objects.filter(pk=request_id).values_list("edition_id", flat=True).first()
    if edition_id is None:
        return
    edition = _held(edition_id)
    come = _come_true(edition, at=at)
    if come is not None:
        _note(edition, come, at=at)


@transaction.atomic
def _withhold(edition_id: int, *, reason: str, at: dt.datetime) -> None:
    edition = _held(edition_id)
    removed, _rows = Publication.objects.filter(edition=edition, published_at__isnull=True).delete()
    if removed:
        detail = {"reason": reason}
        record_event(at=at, actor=None, action="publication.withheld", subject=edition.code, detail=detail)


def _order_missing_reports(run: ScoreRun, *, by: User | None, at: dt.datetime) -> None:
    if run.reports.filter(state=ReportState.DONE).count() < run.participant_scores.count():
        queue_reports(run_id=run.pk, by=by, at=at)


def take_back_plan(edition: Edition, *, by: User | None, at: dt.datetime) -> None:
    """Take back the planned publication of an edition that is held, if there is one."""
    removed, _rows = Publication.objects.filter(edition=edition, published_at__isnull=True).delete()
    if removed:
        record_event(at=at, actor=by, action="publication.cancelled", subject=edition.code, detail={})


def _held(edition_id: int) -> Edition:
    """The edition, with its row held until the transaction ends: what is checked stays true until it is written."""
    return still_there(Edition.objects.select_for_update().filter(pk=edition_id))


def _lock(edition: Edition, *, by: User | None, at: dt.datetime, reason: str = "") -> Lock:
    _check_reviewed(edition)
    run = _run_to_lock(edition)
    sums = package_sums(load_package(edition))
    lock = Lock.objects.create(edition=edition, run=run, locked_at=at, locked_by=by, root_hash=root_of(sums), sums=sums)
    detail = {**_trace(run), "root_hash": lock.root_hash}
    move_edition(edition, EditionMove.LOCK, by=by, at=at, reason=reason, action="edition.locked", detail=detail)
    return lock


def _check_reviewed(edition: Edition) -> None:
    if edition.phase < Phase.REVIEW:
        raise PublicationRefused(
            _("%(edition)s er ikke kommet til gjennomgang. Avslutt feltperioden først.") % {"edition": edition.name}
        )


def _locked_run(edition: Edition, *, by: User | None, at: dt.datetime) -> ScoreRun:
    """The count the lock rests on, made sure of once more; locks the edition first if nobody has."""
    lock = edition.locks.select_related("run").first() if edition.is_locked else None
    if lock is None:
        return _lock(edition, by=by, at=at).run
    _make_sure_of(lock.run)
    return lock.run


def _run_to_lock(edition: Edition) -> ScoreRun:
    """The last count, and among equal ones that whose reports are made."""
    run = latest_run(edition)
    if run is None:
        raise PublicationRefused(_("Resultatene er ikke beregnet. Beregn dem først."))
    equal = edition.score_runs.filter(input_digest=run.input_digest, method=run.method)
    made = Count("reports", filter=Q(reports__state=ReportState.DONE))
    chosen = equal.alias(made=made).order_by("-made", "-created_at", "-pk")[0]
    _make_sure_of(chosen)
    return chosen


def _make_sure_of(run: ScoreRun) -> None:
    """Count once more: the answers must be those that were counted, and what is kept what they come to.

    Raises: PublicationRefused.
    """
    try:
        recount = recount_edition(run.edition, method=run.method)
    except DataError as error:
        raise _outdated() from error
    if recount.input_digest != run.input_digest:
        raise _outdated()
    differences = count_differences(run, recount.result)
    if differences:
        log.error("run %s of %s is not what its answers come to: %s", run.pk, run.edition.code, len(differences))
        raise PublicationRefused(
            _("De lagrede resultatene er ikke det svarene gir. De kan være endret utenom. Beregn på nytt først.")
        )


def _outdated() -> PublicationRefused:
    return PublicationRefused(_("Svarene er endret siden resultatene ble beregnet. Beregn på nytt først."))


def _sureness(run: ScoreRun, planned: Publication | None, chosen: bool | None, *, at: dt.datetime) -> bool:
    """Whether to publish how sure the results are, as chosen or planned: with a study of the very count."""
    shows = chosen if chosen is not None else planned is not None and planned.shows_confidence
    if shows:
        try:
            make_study(run_id=run.pk, kind=StudyKind.CONFIDENCE, at=at)
        except StudyRefused as error:
            raise PublicationRefused(str(error)) from error
    return shows


def _trace(run: ScoreRun) -> dict[str, object]:
    return {"run": run.pk, "method": run.method, "input_digest": run.input_digest}
