"""Counting an edition whose answers a database has grouped by contact, without looking at any answer twice.

The figures are the engine's own, to the last digit, and so is the fingerprint. Only what is in order is read here;
anything else raises ``IrregularError``, and whoever asked reads the edition answer by answer, which names it.
"""

from scoring.engine.grouped.fingerprint import grouped_digest
from scoring.engine.grouped.sums import sum_grouped
from scoring.engine.grouped.types import GroupedContact, IrregularError, Numbering

__all__ = ["GroupedContact", "IrregularError", "Numbering", "grouped_digest", "sum_grouped"]
