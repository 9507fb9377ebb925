"""Pages for requests that go wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Tell somebody whose form had grown too old what to do; the reason is for the log, not for people."""
    return render(request, "core/csrf_failure.html", status=403)
