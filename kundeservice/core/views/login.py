"""Logging in by a link, and the way to one's own door."""

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from kundeservice.core.login_links import LinkKind, onward_of, owner_of_link, use_link
from kundeservice.core.models import Role, User
from kundeservice.core.rules import person_of

# The first page behind each door, in the order of who is asked first.
DOORS = {
    Role.LEADER: "office:editions",
    Role.REVIEWER: "office:editions",
    Role.SHOPPER: "shopper:home",
    Role.PARTICIPANT: "participant:home",
}
LOGIN_LINK_BACKEND = "kundeservice.core.login_links.LoginLinkBackend"


@method_decorator([login_not_required, never_cache], name="dispatch")
class LoginLinkView(View):
    """The page behind a log-in link: looking at it changes nothing, pressing its button logs in."""

    @method_decorator(sensitive_variables("token"))
    def get(self, request: HttpRequest, kind: LinkKind, token: str) -> HttpResponse:
        """Show the button, or say that the link is dead."""
        owner = owner_of_link(kind=kind, token=token)
        return _link_page(request, owner)

    @method_decorator(sensitive_variables("token"))
    def post(self, request: HttpRequest, kind: LinkKind, token: str) -> HttpResponse:
        """Log the owner in, and go on to the page they came from; the session gets a new key."""
        owner = use_link(kind=kind, token=token)
        if owner is None:
            return _link_page(request, None)
        login(request, owner, backend=LOGIN_LINK_BACKEND)
        return redirect(onward_of(request) or "home")


def _link_page(request: HttpRequest, owner: User | None) -> HttpResponse:
    response = render(request, "core/login_link.html", {"owner": owner}, status=200 if owner else 410)
    # The address is a secret that no other page may learn. Not "no-referrer": browsers then hide the origin of the
    # form as well, and the CSRF check refuses it.
    response["Referrer-Policy"] = "strict-origin"
    return response


def home(request: HttpRequest) -> HttpResponse:
    """Send a logged-in person to their own door: the first they have a role for."""
    user = person_of(request)
    for role, door in DOORS.items():
        if user.has_role(role):
            return redirect(door)
    return redirect("admin:index") if user.is_superuser else render(request, "core/no_role.html")
