"""Reading what a study kept: text back to numbers, codes to names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from awards.models import Study, StudyKind
from scoring import engine
from scoring.models import ScoreRun
from scoring.queries import is_current, read_rules
from surveys.models import AwardClass, Edition, Participant

DAYS_IN_WEEK = 7


def latest_study(run: ScoreRun, kind: StudyKind) -> Study | None:
    """The newest study of a kind of one count."""
    return Study.objects.filter(run=run, kind=kind).order_by("-created_at", "-pk").first()


def study_seed(run: ScoreRun) -> int:
    """The seed of a count's studies: made from its answers, so that nobody can have picked it.

    Reports, pages and the public see the same figures, because they use the same seed.
    """
    return int(run.input_digest[:8], 16)


class RulesNotKeptError(Exception):
    """The count is from before its limits were kept, and the edition is no longer what it was counted from."""


def rules_of(run: ScoreRun) -> engine.Rules:
    """The rules a count was made by, as far as places and prizes hang on them.

    A count whose limits were not kept has the edition's, as long as it would come out the same today.

    Raises: RulesNotKeptError.
    """
    rules = read_rules(run.edition)
    if run.min_counted is not None and run.min_channel_contacts is not None:
        return replace(rules, min_counted=run.min_counted, min_channel_contacts=run.min_channel_contacts)
    if not is_current(run):
        raise RulesNotKeptError
    return rules


@dataclass(frozen=True)
class Names:
    """Participants and classes of an edition by code, as people call them."""

    participants: Mapping[str, str]
    classes: Mapping[str, str]


def names_of(edition: Edition) -> Names:
    """The names of an edition. Two queries."""
    return Names(
        participants=dict(Participant.objects.filter(edition=edition).values_list("code", "name")),
        classes={row.code: row.name for row in AwardClass.objects.filter(edition=edition)},
    )


@dataclass(frozen=True)
class Estimate:
    """A figure with the interval it lies in, at the level of the study."""

    value: Decimal
    low: Decimal
    high: Decimal

    @property
    def leaves_zero_out(self) -> bool:
        return self.low > 0 or self.high < 0


def read_estimate(cells: Mapping[str, Any]) -> Estimate:
    """An effect as the engine writes it."""
    return Estimate(Decimal(cells["estimate"]), Decimal(cells["low"]), Decimal(cells["high"]))


def read_decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
