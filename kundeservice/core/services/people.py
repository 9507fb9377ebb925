"""People and their roles."""

from collections.abc import Iterable

from django.db import transaction

from kundeservice.core.models import Language, Role, RoleGrant, User
from kundeservice.core.models.user import normalised_email


@transaction.atomic
def ensure_person(
    *,
    email: str,
    display_name: str = "",
    roles: Iterable[Role] = (),
    language: str = Language.BOKMAL,
) -> User:
    """Return the person with this address, created when new, holding at least `roles`.

    An existing person keeps name and language unless the name was empty.
    """
    user = User.objects.filter(email=normalised_email(email)).first()
    if user is None:
        user = User.objects.create_user(email, display_name=display_name, language=language)
    elif display_name and not user.display_name:
        user.display_name = display_name
        user.save(update_fields=["display_name"])
    for role in roles:
        grant_role(user=user, role=role)
    return user


def grant_role(*, user: User, role: Role) -> None:
    """Give a person a role; giving it twice changes nothing."""
    RoleGrant.objects.get_or_create(user=user, role=role)
    _forget_roles(user)


def withdraw_role(*, user: User, role: Role) -> None:
    """Take a role away. It counts from the person's next request."""
    RoleGrant.objects.filter(user=user, role=role).delete()
    _forget_roles(user)


def _forget_roles(user: User) -> None:
    user.__dict__.pop("roles", None)
