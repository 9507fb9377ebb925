"""Who may do what with an edition's contacts and answers."""

from __future__ import annotations

from rules.permissions import add_perm

from kundeservice.core.rules import leads, reviews

add_perm("surveys.follow_edition", leads)
add_perm("surveys.review_response", reviews)
add_perm("surveys.void_contact", leads)
add_perm("surveys.open_seal", leads)
