"""Reading an edition's answers for the engine, and the counts that were made of them."""

from scoring.queries.editions import read_edition, read_rules
from scoring.queries.results import CLASS_FIGURES, result_of, written_contacts
from scoring.queries.runs import (
    Recount,
    input_digest_of,
    is_current,
    latest_run,
    may_be_outdated,
    recount_edition,
    recount_editions,
)

__all__ = [
    "CLASS_FIGURES",
    "Recount",
    "input_digest_of",
    "is_current",
    "latest_run",
    "may_be_outdated",
    "read_edition",
    "read_rules",
    "recount_edition",
    "recount_editions",
    "result_of",
    "written_contacts",
]
