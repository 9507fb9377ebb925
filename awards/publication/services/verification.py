"""Recounting from a package alone, and holding the outcome against what was locked and counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from django.db import DatabaseError
from django.utils.translation import gettext as _

from awards.models import Lock
from awards.package.format import EditionPackage
from awards.package.format.digest import package_sums, root_of
from awards.package.format.engine_input import engine_input
from scoring import engine
from scoring.models import ScoreRun
from scoring.queries import CLASS_FIGURES, Recount, recount_editions
from scoring.reports import sentences_of
from surveys.models import Edition, Phase
from surveys.services import note_copy

if TYPE_CHECKING:
    from kundeservice.core.models import User


@dataclass(frozen=True)
class Verification:
    """What a recount found. `differences` are sentences, one for each thing that is not as it was."""

    code: str
    root_hash: str
    participants: int
    compared_with_count: bool
    compared_with_lock: bool
    differences: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        return not self.differences


def verify_package(
    package: EditionPackage, *, published_hash: str = "", by: User | None = None, at: dt.datetime
) -> Verification:
    """Recount a package and compare it with the edition of its code here: with the lock's hash and files, and with
    every figure, place and award of the count behind it. `published_hash` is compared too, where it is given. What
    differs is told with its figures, so that every use before publication is logged.

    Raises: DataError when the package cannot be counted at all.
    """
    sums = package_sums(package)
    root = root_of(sums)
    edition = _edition_here(package.edition.code)
    if edition is not None:
        note_copy(edition_id=edition.pk, by=by, at=at, what="verify_edition")
    lock = Lock.objects.filter(edition=edition).select_related("run").first() if edition else None
    run = lock.run if lock else (edition.score_runs.first() if edition else None)
    recount = engine.score_edition(
        engine_input(package), method=edition.scoring_method if edition else engine.DEFAULT_METHOD
    )
    differences = [
        *(_hash_differences(root, published_hash)),
        *(_lock_differences(lock, root, sums) if lock else ()),
        *(count_differences(run, recount) if run else ()),
    ]
    return Verification(
        code=package.edition.code,
        root_hash=root,
        participants=len(recount.participants),
        compared_with_count=run is not None,
        compared_with_lock=lock is not None,
        differences=tuple(differences),
    )


@dataclass(frozen=True)
class CountCheck:
    """What counting a locked edition once more found; no difference means that every figure came out as it is kept."""

    code: str
    participants: int
    differences: tuple[str, ...]


def verify_counts(*, by: User | None = None, at: dt.datetime) -> Iterator[CountCheck]:
    """Count every locked and published edition once more and compare with the count its lock rests on. Oldest first.

    For whoever has brought in a new version or a backup: what was published must come out of its answers for ever.
    Every edition that is not published yet gets a line in its log, because differences are told with figures.
    """
    editions = Edition.objects.filter(phase__gte=Phase.LOCKED).order_by("year", "code")
    locks = [lock for edition in editions if (lock := edition.locks.select_related("run", "edition").first())]
    recounts = recount_editions(lock.edition for lock in locks)
    for lock, recount in zip(locks, recounts, strict=True):
        note_copy(edition_id=lock.edition_id, by=by, at=at, what="verify_edition")
        participants = lock.run.participant_scores.count()
        yield CountCheck(lock.edition.code, participants, _recount_differences(lock.run, recount))


def _recount_differences(run: ScoreRun, recount: Recount | engine.DataError) -> tuple[str, ...]:
    if isinstance(recount, engine.DataError):
        return sentences_of(recount.problems)
    if recount.input_digest != run.input_digest:
        return (_("Svarene eller reglene er ikke de som ble beregnet."),)
    return count_differences(run, recount.result)


def _edition_here(code: str) -> Edition | None:
    """The edition of that code, if there is a database with one: a package can be recounted without."""
    try:
        return Edition.objects.filter(code=code).first()
    except DatabaseError:
        return None


def _hash_differences(root: str, published: str) -> Iterator[str]:
    if published and published.strip().lower() != root:
        yield _("Pakkens sum er %(found)s, men den offentliggjorte er %(published)s.") % {
            "found": root,
            "published": published.strip(),
        }


def _lock_differences(lock: Lock, root: str, sums: Mapping[str, str]) -> Iterator[str]:
    if lock.root_hash != root:
        yield _("Pakkens sum er %(found)s, men årgangen ble låst med %(locked)s.") % {
            "found": root,
            "locked": lock.root_hash,
        }
    for name in sorted({*sums, *lock.sums}):
        if sums.get(name) != lock.sums.get(name):
            yield _("%(file)s er ikke slik den var da årgangen ble låst.") % {"file": name}


def count_differences(run: ScoreRun, recount: engine.EditionResult) -> tuple[str, ...]:
    """What is kept of a count and is not what a recount gives: figures, places and awards. Sentences with figures."""
    return (
        *_participant_differences(run, recount),
        *_class_differences(run, recount),
        *_differing(_("Alle"), run.figure, recount.summary),
        *_award_differences(run, recount),
    )


def _participant_differences(run: ScoreRun, recount: engine.EditionResult) -> Iterator[str]:
    kept = {row.participant.code: row for row in run.participant_scores.select_related("participant")}
    counted = {row.participant: row for row in recount.participants}
    for code in sorted(kept.keys() ^ counted.keys()):
        yield _("%(participant)s er bare på den ene siden.") % {"participant": code}
    for code in sorted(kept.keys() & counted.keys()):
        row, other = kept[code], counted[code]
        for name, value in other.figures():
            if row.figure(name) != value:
                yield _figure_differs(code, name, row.figure(name), value)
        for name in ("contacts", "answered", "ranked", "rank_in_class", "rank_overall"):
            if getattr(row, name) != getattr(other, name):
                yield _figure_differs(code, name, getattr(row, name), getattr(other, name))


def _class_differences(run: ScoreRun, recount: engine.EditionResult) -> Iterator[str]:
    kept = {row.award_class.code: row for row in run.class_scores.select_related("award_class")}
    for award_class in recount.classes:
        row = kept.get(award_class.award_class)
        yield from _differing(award_class.award_class, row.figure if row else lambda _name: None, award_class)


def _differing(whose: str, kept: Callable[[str], Fraction | None], counted: engine.Figures) -> Iterator[str]:
    for name in CLASS_FIGURES:
        if kept(name) != getattr(counted, name):
            yield _figure_differs(whose, name, kept(name), getattr(counted, name))


def _award_differences(run: ScoreRun, recount: engine.EditionResult) -> Iterator[str]:
    kept = set(run.awards.values_list("kind", "award_class__code", "participant__code"))
    counted = {(award.kind, award.award_class, award.participant) for award in recount.awards}
    for kind, award_class, participant in sorted(kept ^ counted, key=str):
        yield _("Prisen «%(kind)s» %(award_class)s til %(participant)s er bare på den ene siden.") % {
            "kind": kind,
            "award_class": award_class or "",
            "participant": participant,
        }


def _figure_differs(code: str, name: str, kept: Fraction | int | None, counted: Fraction | int | None) -> str:
    return _("%(participant)s: %(figure)s er lagret som %(kept)s, men svarene gir %(counted)s.") % {
        "participant": code,
        "figure": name,
        "kept": _shown(kept),
        "counted": _shown(counted),
    }


def _shown(value: Fraction | int | None) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else str(engine.round_stored(value))
