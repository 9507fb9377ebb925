"""Links that open the door without a code.

A **mailed** link works once and for ten minutes, because mail travels through other people's machines. A **printed**
link, made in the terminal by whoever runs the installation, works for twelve hours and as often as wanted. Neither logs
anybody in by being fetched: the page behind it has a button, since mail scanners follow links but press no buttons.
"""

import hashlib
from enum import StrEnum
from urllib.parse import urlencode

import sesame.backends
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from sesame.utils import get_token, get_user

from kundeservice.core.links import absolute_url
from kundeservice.core.models import User


class LinkKind(StrEnum):
    """How a link reached its owner; a link of one kind cannot pass for the other."""

    MAILED = "m"
    PRINTED = "t"

    @property
    def lifetime(self) -> int:
        """Seconds from making until the link is dead."""
        return settings.MAILED_LINK_SECONDS if self is LinkKind.MAILED else settings.PRINTED_LINK_SECONDS


class LoginLinkBackend(sesame.backends.ModelBackend):
    """Recognises the token of a log-in link. Inactive people have no valid token."""


def login_link(user: User, *, kind: LinkKind, language: str | None = None, onward: str = "") -> str:
    """Return an absolute address that shows a log-in button to `user`, on a page in their language unless told.

    `onward` is the page of this site that follows; without it the person's own door does.
    """
    with translation.override(language or user.language):
        path = reverse("core:login_link", kwargs={"kind": kind.value, "token": get_token(user, scope=kind.value)})
    return absolute_url(f"{path}?{urlencode({'next': onward})}" if onward else path)


def onward_of(request: HttpRequest) -> str:
    """The page of this site somebody wanted to come to when they were asked to log in; empty for any other address."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    return wanted if is_ours else ""


def owner_of_link(*, kind: LinkKind, token: str) -> User | None:
    """Return whom a link belongs to as long as it is valid and unused, without using it up."""
    if kind is LinkKind.MAILED and cache.get(_used_key(token)):
        return None
    user = get_user(token, scope=kind.value, max_age=kind.lifetime, update_last_login=False)
    return user if isinstance(user, User) else None


def use_link(*, kind: LinkKind, token: str) -> User | None:
    """Return whom a link belongs to and, for a mailed link, use it up; None when it is dead.

    `cache.add` succeeds for one caller only, so of two simultaneous presses one logs in.
    """
    user = owner_of_link(kind=kind, token=token)
    if user is None:
        return None
    if kind is LinkKind.MAILED and not cache.add(_used_key(token), 1, timeout=2 * kind.lifetime):
        return None
    return user


def _used_key(token: str) -> str:
    return f"login-link-used:{hashlib.sha256(token.encode()).hexdigest()}"
