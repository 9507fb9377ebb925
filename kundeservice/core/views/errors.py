"""Pages for requests that go wrong: a form that cannot be taken now comes back with everything that was typed."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from kundeservice.core.gone import GoneMeanwhile

UNAUTHORISED, FORBIDDEN, NOT_FOUND = 401, 403, 404
NEVER_GIVEN_BACK = frozenset({"csrfmiddlewaretoken", "code", "password", "old_password", "password1", "password2"})
"""Fields that hold secrets; they are typed anew."""


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django names it
    """Give a form that had grown too old back to whoever sent it; the reason is for the log, not for people.

    A script is told the token that holds now and who is logged in, so that it sends again what is that person's own.
    """
    if wants_json(request):
        user = str(request.user.pk or "")
        return JsonResponse({"token": get_token(request), "user": user}, status=FORBIDDEN)
    if not comes_from_here(request):
        return render(request, "core/csrf_failure.html", {"is_foreign": True}, status=FORBIDDEN)
    return send_again_page(request, status=FORBIDDEN)


def send_again_page(request: HttpRequest, *, status: int) -> HttpResponse:
    """What was typed, to read and to send again as it stands, with a way to log in where that is what is lacking."""
    typed = [(name, value) for name, values in request.POST.lists() if name not in NEVER_GIVEN_BACK for value in values]
    context = {
        "typed": typed,
        "words": [value for _name, value in typed if _are_words(value)],
        "has_files": bool(request.FILES),
        "page": page_of(request),
        "login_url": f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': page_of(request)})}",
    }
    return render(request, "core/csrf_failure.html", context, status=status)


def gone_page(request: HttpRequest, gone: GoneMeanwhile) -> HttpResponse:
    """That somebody else was quicker, and the way back to the page the press came from."""
    if wants_json(request):
        return JsonResponse({"message": str(gone)}, status=NOT_FOUND)
    return render(request, "core/gone.html", {"gone": gone, "page": page_of(request)}, status=NOT_FOUND)


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, which cannot read a page."""
    return request.headers.get("Accept", "").startswith("application/json")


def comes_from_here(request: HttpRequest) -> bool:
    """Whether a form was sent from one of our own pages: nobody else may put words into somebody's mouth."""
    sender = request.headers.get("Origin") or request.headers.get("Referer", "")
    return bool(sender) and urlsplit(sender).netloc == request.get_host()


def page_of(request: HttpRequest) -> str:
    """The path of the page a form stood on, as far as the browser tells; else where a person's own door is."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}) or not urlsplit(page).netloc:
        return resolve_url("home")
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _are_words(value: str) -> bool:
    """Whether a value is something a person wrote, rather than a choice or a key."""
    return len(value.split()) > 1
