"""Middleware of the floor."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect
from django.urls import is_valid_path
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _

from kundeservice.core.gone import GoneMeanwhile
from kundeservice.core.views.errors import UNAUTHORISED, gone_page, send_again_page, wants_json

Handler = Callable[[HttpRequest], HttpResponse]


class RefuseNullBytes:
    """Answers 400 to an address that holds a NUL: no person writes one, and PostgreSQL cannot look it up."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest(_("Adressen inneholder et ugyldig tegn."))
        return self.get_response(request)


class AskToLogIn(LoginRequiredMiddleware):
    """Sends strangers to the log-in page, but throws away nothing somebody typed whose session had ended.

    A form comes back with everything in it, to be sent again after logging in; a script is told in its own tongue.
    """

    def handle_no_permission(  # type: ignore[override]  # Django's own always redirects
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponse:
        if wants_json(request):
            return JsonResponse({"login": self.get_login_url(view_func)}, status=UNAUTHORISED)
        if request.method == "POST" and set(request.POST) - {"csrfmiddlewaretoken"}:
            return send_again_page(request, status=UNAUTHORISED)
        return super().handle_no_permission(request, view_func)


class LeadToThePage:
    """Leads a reader from an address that can only be pressed to the page the button stands on.

    A page that answers a press has the address of the press: to read it in another language, to open it again or to go
    back to a tab would else end in the browser's own page, with no way on.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_read = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or not is_read:
            return response
        return redirect(_page_above(request.path_info))


def _page_above(path: str) -> str:
    """The nearest address above `path` that leads somewhere; an address that only takes presses leads on."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if is_valid_path(path):
            return path
    return path


class TellWhatIsGone:
    """Answers in words when somebody else has just taken away what a page was about to change."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return gone_page(request, exception) if isinstance(exception, GoneMeanwhile) else None


class KeepPersonalPagesOutOfCaches:
    """Forbids every store between us and the reader to keep a page that was made for a logged-in person."""

    HEADERS: ClassVar[dict[str, bool]] = {"private": True, "no_store": True}

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            patch_cache_control(response, **self.HEADERS)
            patch_vary_headers(response, ("Cookie",))
        return response


class AskBeforeShowingAgain:
    """Lets no store show an answer again without asking us, unless the answer says for how long it holds.

    A page that was not there is what matters: stores may remember a 404 of their own accord, past the moment when the
    page comes to be.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_cache=True)
        return response
