"""People and their roles. Whatever opens or closes a door to somebody is written into the audit trail."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import transaction

from kundeservice.core.addresses import normalised_address
from kundeservice.core.models import Language, Role, RoleGrant, User
from kundeservice.core.services.audit import record_event

DOORS = ("email", "is_active", "is_staff", "is_superuser")
"""What decides, besides the roles, who gets in and where: whoever reads the mail of an address holds its account."""


@transaction.atomic
def ensure_person(
    *,
    email: str,
    display_name: str = "",
    roles: Iterable[Role] = (),
    language: str = Language.BOKMAL,
    by: User | None = None,
) -> User:
    """Return the person with this address, created when new, holding at least `roles`.

    An existing person keeps name and language unless the name was empty. Raises ValidationError for an address that
    takes no mail.
    """
    user = User.objects.filter(email=normalised_address(email)).first()
    if user is None:
        user = User.objects.create_user(email, display_name=display_name, language=language)
    elif display_name and not user.display_name:
        user.display_name = display_name
        user.save(update_fields=["display_name"])
    for role in roles:
        grant_role(user=user, role=role, by=by)
    return user


@transaction.atomic
def grant_role(*, user: User, role: Role, by: User | None = None) -> None:
    """Give a person a role; giving it twice changes nothing."""
    grant, is_new = RoleGrant.objects.get_or_create(user=user, role=role)
    if is_new:
        record_grant(grant, by=by)
    _forget_roles(user)


def record_grant(grant: RoleGrant, *, by: User | None) -> None:
    """Note that a role was given, at the time the grant itself tells."""
    _record("role.granted", grant.user_id, {"role": grant.role}, by=by, at=grant.granted_at)


def record_withdrawal(grant: RoleGrant, *, by: User | None, at: dt.datetime) -> None:
    """Note that a role was taken away."""
    _record("role.withdrawn", grant.user_id, {"role": grant.role}, by=by, at=at)


def doors_of(user: User) -> dict[str, object]:
    """What `follow_changed_person` compares."""
    return {name: getattr(user, name) for name in DOORS}


@transaction.atomic
def follow_changed_person(*, user: User, before: Mapping[str, object] | None, by: User | None, at: dt.datetime) -> None:
    """Note what was changed about a person since `doors_of` gave `before`, or None for somebody new.

    A new address may have a new reader, so every role counts as given now: what needs people who had the role before
    somebody asked, such as opening a seal, takes nobody for a person they were not then.
    """
    after = doors_of(user)
    if before is None:
        _record("person.created", user.pk, after, by=by, at=at)
        return
    changed: dict[str, object] = {name: [before[name], value] for name, value in after.items() if before[name] != value}
    if changed:
        _record("person.changed", user.pk, changed, by=by, at=at)
    if "email" in changed:
        RoleGrant.objects.filter(user=user).update(granted_at=at)


def _record(action: str, person: int, detail: dict[str, object], *, by: User | None, at: dt.datetime) -> None:
    """A person is told by their number, which outlives every address and is no edition's code."""
    record_event(at=at, actor=by, action=action, subject=f"person:{person}", detail=detail)


def _forget_roles(user: User) -> None:
    user.__dict__.pop("roles", None)
