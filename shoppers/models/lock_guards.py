"""What of the shoppers is part of a locked edition's package, and closed with it."""

from __future__ import annotations

from surveys.models.lock_guards import GuardedTable

SHOPPER_COLUMNS = (
    *("edition_id", "code", "name", "email", "birth_year", "gender", "county", "channels"),
    *("max_contacts", "max_per_week", "available_from", "available_to"),
)
"""Everything but the account, which is no part of the package and may be linked at any time."""

GUARDED = (
    GuardedTable("shoppers_assignment", "contact_id", "surveys_contact"),
    GuardedTable("shoppers_relation", "shopper_id", "shoppers_shopper"),
    GuardedTable("shoppers_shopper", columns=SHOPPER_COLUMNS),
)
