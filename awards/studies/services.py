"""Asking of a count how sure it is, how strict the shoppers were, and what hangs on a single zero."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.models import Study, StudyKind
from awards.studies.queries.reading import RulesNotKeptError, rules_of, study_seed
from kundeservice.core.gone import still_there
from kundeservice.core.jobs import UNFINISHED, enqueue_job
from kundeservice.core.models import Job
from scoring import engine
from scoring.engine.confidence import study_confidence
from scoring.engine.severity import Shortage, TooLargeToFitError, TooLittleToFitError, study_severity
from scoring.engine.zeros import ZeroEffect, study_zeros
from scoring.models import ScoreRun, write_fraction
from scoring.queries import result_of
from shoppers.models import Assignment
from surveys.engine.weeks import week_number
from surveys.models import Contact

if TYPE_CHECKING:
    from kundeservice.core.models import User

STUDY_RUN = "awards.study_run"
RULES_NOT_KEPT = gettext_lazy("Svarene eller reglene er endret siden denne beregningen. Beregn på nytt først.")
SHORTAGES: Mapping[Shortage, str | Promise] = {
    Shortage.CONTACTS: gettext_lazy("Årgangen er for liten til å skille deltakere fra mystery shoppere."),
    Shortage.CROSSING: gettext_lazy(
        "Deltakere, mystery shoppere, uker og kontaktmåter følger hverandre for tett til å kunne skilles. "
        "Det trengs flere mystery shoppere per deltaker, spredt på uker og kontaktmåter."
    ),
    Shortage.VARIATION: gettext_lazy(
        "Henvendelser som burde variere, har helt lik score. Da finnes det ingen spredning å fordele på kilder."
    ),
}


class StudyRefused(Exception):
    """The count does not hold what the study needs; the text says what is missing, in the reader's language."""


def order_studies(*, run_id: int, by: User | None, at: dt.datetime) -> Job:
    """Have every study of a count made that is not made yet. One waiting batch is enough."""
    run = still_there(ScoreRun.objects.select_related("edition").filter(pk=run_id))
    payload = {"run": run.pk}
    return enqueue_job(
        STUDY_RUN,
        subject=run.edition.code,
        payload=payload,
        created_by=by,
        at=at,
        total=len(StudyKind),
        one_is_enough=UNFINISHED,
    )


def make_study(*, run_id: int, kind: str, at: dt.datetime, seed: int | None = None) -> Study:
    """Make a study of a count and keep it. One that is kept already is given as it is: doing it again changes nothing.

    Raises: StudyRefused.
    """
    run = still_there(ScoreRun.objects.select_related("edition").filter(pk=run_id))
    seed = study_seed(run) if seed is None else seed
    kept = Study.objects.filter(run=run, kind=kind, seed=seed).first()
    if kept is not None:
        return kept
    findings = _STUDIES[StudyKind(kind)](run, result_of(run), seed)
    study, _created = Study.objects.get_or_create(
        run=run,
        kind=kind,
        seed=seed,
        defaults={"resamples": findings.get("resamples", 0), "created_at": at, "findings": findings},
    )
    return study


def _confidence(_run: ScoreRun, result: engine.EditionResult, seed: int) -> dict[str, Any]:
    _require_contacts(result)
    found = study_confidence(result, seed=seed)
    return written(found)


def _zeros(run: ScoreRun, result: engine.EditionResult, _seed: int) -> dict[str, Any]:
    _require_contacts(result)
    try:
        effects = study_zeros(rules_of(run), result)
    except RulesNotKeptError as error:
        raise StudyRefused(RULES_NOT_KEPT) from error
    return {"effects": [_written_zero(effect) for effect in effects]}


def _written_zero(effect: ZeroEffect) -> dict[str, Any]:
    return {**written(effect), "changes_place": effect.changes_place, "changes_winner": effect.changes_winner}


def _severity(run: ScoreRun, result: engine.EditionResult, seed: int) -> dict[str, Any]:
    """The only study that knows who asked. The engine gets numbers in a random order instead of people."""
    _require_contacts(result)
    weeks = dict(Contact.objects.filter(edition=run.edition).values_list("code", "week"))
    shoppers = dict(Assignment.objects.filter(contact__edition=run.edition).values_list("contact__code", "shopper_id"))
    answered = [contact.code for contact in result.contacts if contact.answered]
    missing = [code for code in answered if code not in shoppers]
    if missing:
        raise StudyRefused(
            _("%(count)s besvarte henvendelser mangler mystery shopper, den første er %(code)s.")
            % {"count": len(missing), "code": missing[0]}
        )
    numbers = _rater_numbers({shoppers[code] for code in answered}, seed=seed)
    try:
        found = study_severity(
            result,
            raters={code: numbers[shoppers[code]] for code in answered},
            weeks={code: week_number(weeks[code]) for code in answered},
        )
    except TooLittleToFitError as error:
        raise StudyRefused(SHORTAGES[error.shortage]) from error
    except TooLargeToFitError as error:
        raise StudyRefused(
            _(
                "Årgangen er for stor: den har %(levels)s deltakere, mystery shoppere og uker til sammen, "
                "og undersøkelsen greier %(most)s."
            )
            % {"levels": error.levels, "most": error.most}
        ) from error
    return {**written(found), "shoppers": {str(number): shopper for shopper, number in numbers.items()}}


def _rater_numbers(shoppers: Collection[int], *, seed: int) -> dict[int, int]:
    """A number for every shopper's key, 1 and up in a random order that the seed decides."""
    order = sorted(shoppers)
    random.Random(seed).shuffle(order)  # noqa: S311 - chance that can be repeated, no secret
    return {shopper: number for number, shopper in enumerate(order, start=1)}


_STUDIES: Mapping[StudyKind, Callable[[ScoreRun, engine.EditionResult, int], dict[str, Any]]] = {
    StudyKind.CONFIDENCE: _confidence,
    StudyKind.SEVERITY: _severity,
    StudyKind.ZEROS: _zeros,
}


def _require_contacts(result: engine.EditionResult) -> None:
    if not result.contacts:
        raise StudyRefused(_("Beregningen har ingen henvendelser å undersøke. Beregn på nytt først."))


def written(value: object) -> Any:
    """An engine's answer as JSON: fractions as «a/b», decimals as text, nothing as a binary number."""
    match value:
        case None | bool() | int() | str():
            return value
        case Fraction():
            return write_fraction(value)
        case float():
            return format(Decimal(repr(value)), "f")
        case Mapping():
            return {str(key): written(each) for key, each in value.items()}
        case Iterable():
            return [written(each) for each in value]
    if is_dataclass(value):
        return {field.name: written(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"a study cannot hold {value!r}")
