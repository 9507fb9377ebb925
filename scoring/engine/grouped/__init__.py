"""Counting an edition whose answers a database has grouped by contact, all contacts at once.

The figures are the engine's own, to the last digit, and so is the fingerprint. Only what is in order is read here;
anything else raises ``IrregularError``, and whoever asked reads the edition answer by answer, which names it.
"""

from scoring.engine.grouped.fingerprint import grouped_digest
from scoring.engine.grouped.scores import GroupedScores, score_grouped
from scoring.engine.grouped.types import GroupedContacts, GroupedEdition, IrregularError, Numbering

__all__ = [
    "GroupedContacts",
    "GroupedEdition",
    "GroupedScores",
    "IrregularError",
    "Numbering",
    "grouped_digest",
    "score_grouped",
]
