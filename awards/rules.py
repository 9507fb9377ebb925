"""Who may lead an edition, publish it, and read its reports."""

from __future__ import annotations

from rules.permissions import add_perm

from kundeservice.core.rules import leads, reviews, takes_part

add_perm("awards.list_editions", reviews)
add_perm("awards.lead_edition", leads)
add_perm("awards.visit_portal", takes_part)
