"""Who may plan, and who may make contacts."""

from __future__ import annotations

from rules.permissions import add_perm
from rules.predicates import predicate

from kundeservice.core.models import Role, User


@predicate
def plans(user: User) -> bool:
    return user.is_authenticated and user.has_role(Role.LEADER)


@predicate
def asks(user: User) -> bool:
    return user.is_authenticated and user.has_role(Role.SHOPPER)


add_perm("shoppers.plan_edition", plans)
add_perm("shoppers.make_contact", asks)
