"""Who may lead an edition, publish it, and read its reports."""

from __future__ import annotations

from rules.permissions import add_perm
from rules.predicates import predicate

from kundeservice.core.models import Role, User


@predicate
def leads(user: User) -> bool:
    return user.is_authenticated and user.has_role(Role.LEADER)


@predicate
def takes_part(user: User) -> bool:
    return user.is_authenticated and user.has_role(Role.PARTICIPANT)


add_perm("awards.lead_edition", leads)
add_perm("awards.publish_edition", leads)
add_perm("awards.render_reports", leads)
add_perm("awards.visit_portal", takes_part)
