"""The public pages. They read what is published and nothing else; an unpublished edition is simply not found."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from awards.queries import archive, public
from awards.queries.method import method_of

MINUTE = 60
fresh_for_a_minute = cache_control(public=True, max_age=MINUTE)
"""Short, so that a publication is seen within a minute wherever pages are kept."""


@login_not_required
@require_safe
@fresh_for_a_minute
def show_front(request: HttpRequest) -> HttpResponse:
    """The winner first; what the award is, until there is one."""
    latest = public.latest_published()
    if latest is None:
        return render(request, "awards/public/front_quiet.html", {"years": archive.list_years()})
    results = public.published_results(latest.code)
    return render(request, "awards/public/front.html", {"results": results, "years": archive.list_years()})


@login_not_required
@require_safe
@fresh_for_a_minute
def list_results(request: HttpRequest) -> HttpResponse:
    """Every published edition, and the years before them."""
    context = {"editions": public.list_published(), "years": archive.list_years()}
    return render(request, "awards/public/results_list.html", context)


@login_not_required
@require_safe
@fresh_for_a_minute
def show_results(request: HttpRequest, edition_code: str) -> HttpResponse:
    """All classes of one edition."""
    return render(request, "awards/public/results.html", {"results": _results(edition_code)})


@login_not_required
@require_safe
@fresh_for_a_minute
def show_class(request: HttpRequest, edition_code: str, class_code: str) -> HttpResponse:
    """One class of one edition."""
    results = _results(edition_code)
    try:
        table = results.class_named(class_code)
    except public.NotPublic as error:
        raise Http404 from error
    return render(request, "awards/public/class.html", {"results": results, "table": table})


@login_not_required
@require_safe
@fresh_for_a_minute
def list_archive(request: HttpRequest) -> HttpResponse:
    """The years before, as a quiet list."""
    return render(request, "awards/public/archive.html", {"years": archive.list_years()})


@login_not_required
@require_safe
@fresh_for_a_minute
def show_archived_year(request: HttpRequest, year: int) -> HttpResponse:
    """One year before, with its source."""
    found = archive.archived_year(year)
    if found is None:
        raise Http404
    return render(request, "awards/public/archive_year.html", {"archived": found})


@login_not_required
@require_safe
@fresh_for_a_minute
def show_method(request: HttpRequest) -> HttpResponse:
    """How the survey works, by the rules of the newest published edition."""
    latest = public.latest_published()
    return render(request, "awards/public/method.html", {"method": method_of(latest) if latest else None})


def _results(code: str) -> public.PublishedResults:
    try:
        return public.published_results(code)
    except public.NotPublic as error:
        raise Http404 from error
