"""The public pages. They read what is published and nothing else; an unpublished edition is simply not found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from awards.publication.queries import archive, public
from awards.publication.queries.method import method_of
from kundeservice.core import clock

Page = Callable[..., HttpResponse]


def always_fresh(page: Page) -> Page:
    """Let every store keep a page, but ask each time whether it still holds; if it does, the answer is a line.

    A page that may be shown for a minute without asking tells of last year beside this year's for that minute: after a
    publication, and after a correction, of which no page can know beforehand.
    """
    return cache_control(public=True, no_cache=True)(conditional_page(page))


@login_not_required
@require_safe
@always_fresh
def show_front(request: HttpRequest) -> HttpResponse:
    """The winner first; what the award is, until there is one."""
    now = clock.now()
    latest = public.latest_published(at=now)
    if latest is None:
        return render(request, "awards/publication/front_quiet.html", {"years": archive.list_years()})
    results = public.published_results(latest.code, at=now)
    return render(request, "awards/publication/front.html", {"results": results, "years": archive.list_years()})


@login_not_required
@require_safe
@always_fresh
def list_results(request: HttpRequest) -> HttpResponse:
    """Every published edition, and the years before them."""
    context = {"editions": public.list_published(at=clock.now()), "years": archive.list_years()}
    return render(request, "awards/publication/results_list.html", context)


@login_not_required
@require_safe
@always_fresh
def show_results(request: HttpRequest, edition_code: str) -> HttpResponse:
    """All classes of one edition."""
    return render(request, "awards/publication/results.html", {"results": _results(edition_code, at=clock.now())})


@login_not_required
@require_safe
@always_fresh
def show_class(request: HttpRequest, edition_code: str, class_code: str) -> HttpResponse:
    """One class of one edition."""
    results = _results(edition_code, at=clock.now())
    try:
        table = results.class_named(class_code)
    except public.NotPublic as error:
        raise Http404 from error
    return render(request, "awards/publication/class.html", {"results": results, "table": table})


@login_not_required
@require_safe
@always_fresh
def list_archive(request: HttpRequest) -> HttpResponse:
    """The years before, as a quiet list."""
    return render(request, "awards/publication/archive.html", {"years": archive.list_years()})


@login_not_required
@require_safe
@always_fresh
def show_archived_year(request: HttpRequest, year: int) -> HttpResponse:
    """One year before, with its source."""
    found = archive.archived_year(year)
    if found is None:
        raise Http404
    return render(request, "awards/publication/archive_year.html", {"archived": found})


@login_not_required
@require_safe
@always_fresh
def show_method(request: HttpRequest) -> HttpResponse:
    """How the survey works, by the rules of the newest published edition."""
    latest = public.latest_published(at=clock.now())
    return render(request, "awards/publication/method.html", {"method": method_of(latest) if latest else None})


def _results(code: str, *, at: dt.datetime) -> public.PublishedResults:
    try:
        return public.published_results(code, at=at)
    except public.NotPublic as error:
        raise Http404 from error
