"""Reading an edition's answers for the engine, and the counts that were made of them."""

from scoring.queries.editions import read_edition, read_rules
from scoring.queries.runs import Recount, input_digest_of, is_current, latest_run, recount_edition

__all__ = [
    "Recount",
    "input_digest_of",
    "is_current",
    "latest_run",
    "read_edition",
    "read_rules",
    "recount_edition",
]
