"""Which count of an edition may be shown."""

from __future__ import annotations

from scoring.models import ScoreRun
from scoring.queries import is_current, latest_run
from surveys.models import Edition


class NotScored(Exception):
    """The edition has no count yet."""


class RunOutdated(Exception):
    """Answers or rules have changed since the last count."""


def current_run(edition: Edition) -> ScoreRun:
    """The edition's last count, if a new one would start from the very same answers and rules.

    Costs a reading of every answer. Raises: NotScored, RunOutdated.
    """
    run = latest_run(edition)
    if run is None:
        raise NotScored(edition.code)
    if not is_current(run):
        raise RunOutdated(edition.code)
    return run
