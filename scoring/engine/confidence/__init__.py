"""How sure totals and places are.

A seeded, stratified bootstrap over contacts. The method is told in ``docs/scoring.md``.
"""

from scoring.engine.confidence.study import LEVEL, MAX_COMPARED, RESAMPLES, study_confidence
from scoring.engine.confidence.types import (
    Confidence,
    Interval,
    ParticipantConfidence,
    PlaceRange,
    Separation,
    Standing,
)

__all__ = [
    "LEVEL",
    "MAX_COMPARED",
    "RESAMPLES",
    "Confidence",
    "Interval",
    "ParticipantConfidence",
    "PlaceRange",
    "Separation",
    "Standing",
    "study_confidence",
]
