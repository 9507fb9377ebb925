"""Small files machines ask for."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.cache import cache_control

from kundeservice.core import clock
from kundeservice.core.links import absolute_url

CLOSED_TO_ROBOTS = ("/kontor/", "/oppdrag/", "/deltaker/", "/logg-inn/", "/min-side/", "/arbeid/", "/teknisk/")
SECURITY_TXT_VALIDITY = timedelta(days=180)
PLAIN_TEXT = "text/plain; charset=utf-8"


@login_not_required
@cache_control(public=True, max_age=3600)
def favicon(_request: HttpRequest) -> HttpResponse:
    """Where browsers look for the mark of a site on pages that name none, such as a PDF."""
    return redirect(static("img/mark.svg"))


@login_not_required
@cache_control(public=True, max_age=3600)
def robots_txt(_request: HttpRequest) -> HttpResponse:
    """Ask robots to stay on the public pages."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED_TO_ROBOTS)]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN_TEXT)


@login_not_required
@cache_control(public=True, max_age=3600)
def security_txt(request: HttpRequest) -> HttpResponse:
    """Tell whom to write to about a weakness (RFC 9116)."""
    expires = (clock.now() + SECURITY_TXT_VALIDITY).strftime("%Y-%m-%dT%H:%M:%SZ")
    lines = [
        f"Contact: mailto:{settings.SECURITY_CONTACT}",
        f"Expires: {expires}",
        "Preferred-Languages: nb, en",
        f"Canonical: {absolute_url(request.path)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN_TEXT)
