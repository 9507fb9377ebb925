"""Who may plan, and who may make contacts."""

from __future__ import annotations

from rules.permissions import add_perm

from kundeservice.core.rules import asks, leads

add_perm("shoppers.plan_edition", leads)
add_perm("shoppers.make_contact", asks)
