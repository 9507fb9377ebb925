"""How much of the scores is the judge and not the judged: a crossed model over anonymous raters, for diagnosis only."""

from scoring.engine.severity.model import MAX_LEVELS
from scoring.engine.severity.study import LEVEL, study_severity
from scoring.engine.severity.types import (
    ChannelEffect,
    Component,
    CorrectedPlace,
    Effect,
    RaterEffect,
    Rating,
    Severity,
    Shortage,
    TooLargeToFitError,
    TooLittleToFitError,
    WeekEffect,
    WinnerChange,
)

__all__ = [
    "LEVEL",
    "MAX_LEVELS",
    "ChannelEffect",
    "Component",
    "CorrectedPlace",
    "Effect",
    "RaterEffect",
    "Rating",
    "Severity",
    "Shortage",
    "TooLargeToFitError",
    "TooLittleToFitError",
    "WeekEffect",
    "WinnerChange",
    "study_severity",
]
