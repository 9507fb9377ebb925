"""Shoppers in the office: who has how much to do, and each one's own page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kundeservice.core import clock
from kundeservice.core.queries.history import seen_in
from kundeservice.core.rules import person_of
from kundeservice.core.templatetags.formatting import longdate
from shoppers.forms.page import PageForm
from shoppers.forms.planning import DropOutForm, RelationForm
from shoppers.models import Relation, RelationKind, Shopper
from shoppers.queries.sheet import ShopperSheet, read_sheet
from shoppers.queries.versions import shopper_version
from shoppers.queries.workload import counties_of, read_workload
from shoppers.services import PlanningRefused
from shoppers.services.people import add_relation, drop_out, remove_relation, stay_on
from shoppers.services.thinking import FIRST_PLAN_PHASES, REPAIR_PHASES
from shoppers.views.office import planner_only
from surveys.models import Channel, Edition
from surveys.services import ChangedMeanwhile, SurveyRefusal


@require_safe
@planner_only
def show_workload(request: HttpRequest, edition_code: str) -> HttpResponse:
    """Shoppers × weeks. `fylke`, `kontaktmate` and `sort` in the address narrow and order the list."""
    edition = get_object_or_404(Edition, code=edition_code)
    county, channel = request.GET.get("fylke", ""), request.GET.get("kontaktmate", "")
    context = {
        "edition": edition,
        "workload": read_workload(edition, county=county, channel=channel, sort=request.GET.get("sort", "")),
        "counties": counties_of(edition),
        "channels": Channel.choices,
        "county": county,
        "channel": channel,
    }
    return render(request, "shoppers/office/workload.html", context)


@require_safe
@planner_only
def show_shopper(request: HttpRequest, edition_code: str, shopper_code: str) -> HttpResponse:
    return _shopper_page(request, _find(edition_code, shopper_code))


@require_POST
@planner_only
def leave(request: HttpRequest, edition_code: str, shopper_code: str) -> HttpResponse:
    """A shopper drops out from a day on."""
    shopper = _find(edition_code, shopper_code)
    form = DropOutForm(request.POST)
    if not form.is_valid():
        return _shopper_page(request, shopper, status=422, drop_out_form=form)
    day: dt.date = form.cleaned_data["from_day"]
    return _carry_out(
        request,
        shopper,
        lambda: (
            _("%(name)s er med til og med %(day)s.")
            % {"name": shopper.name, "day": longdate(day - dt.timedelta(days=1))}
        ),
        lambda: drop_out(
            shopper_id=shopper.pk, from_day=day, by=person_of(request), at=clock.now(), seen=seen_in(request.POST)
        ),
        drop_out_form=form,
    )


@require_POST
@planner_only
def stay(request: HttpRequest, edition_code: str, shopper_code: str) -> HttpResponse:
    """A shopper who was to leave does not."""
    shopper = _find(edition_code, shopper_code)
    return _carry_out(
        request,
        shopper,
        lambda: _("%(name)s er med ut feltperioden.") % {"name": shopper.name},
        lambda: stay_on(shopper_id=shopper.pk, by=person_of(request), at=clock.now(), seen=seen_in(request.POST)),
    )


@require_POST
@planner_only
def relate(request: HttpRequest, edition_code: str, shopper_code: str) -> HttpResponse:
    """A relation that has come to light."""
    shopper = _find(edition_code, shopper_code)
    everybody = list(shopper.edition.participants.values_list("code", "name"))
    form = RelationForm(request.POST, participants=everybody)
    if not form.is_valid():
        return _shopper_page(request, shopper, status=422, relation_form=form)
    return _carry_out(
        request,
        shopper,
        lambda: _("Forholdet er lagt til."),
        lambda: add_relation(
            shopper_id=shopper.pk,
            participant_code=form.cleaned_data["participant"],
            kind=RelationKind(form.cleaned_data["kind"]),
            by=person_of(request),
            at=clock.now(),
            seen=seen_in(request.POST),
        ),
        relation_form=form,
    )


@require_POST
@planner_only
def unrelate(request: HttpRequest, edition_code: str, shopper_code: str, relation_id: int) -> HttpResponse:
    """A relation that was a mistake."""
    shopper = _find(edition_code, shopper_code)
    relation = get_object_or_404(Relation, shopper=shopper, pk=relation_id)
    return _carry_out(
        request,
        shopper,
        lambda: _("Forholdet er fjernet."),
        lambda: remove_relation(
            relation_id=relation.pk, by=person_of(request), at=clock.now(), seen=seen_in(request.POST)
        ),
    )


def _carry_out(
    request: HttpRequest, shopper: Shopper, done: Callable[[], str], act: Callable[[], object], **bound: PageForm
) -> HttpResponse:
    """Do it, say how it went, and go back to the shopper's page; what was refused is still in its form (`bound`)."""
    try:
        act()
    except (PlanningRefused, SurveyRefusal) as refusal:
        messages.error(request, str(refusal))
        status = 409 if isinstance(refusal, ChangedMeanwhile) else 422
        return _shopper_page(request, _find(shopper.edition.code, shopper.code), status=status, **bound)
    messages.success(request, done())
    return redirect("shoppers_office:shopper", shopper.edition.code, shopper.code)


def _shopper_page(request: HttpRequest, shopper: Shopper, *, status: int = 200, **bound: PageForm) -> HttpResponse:
    """One shopper with everything that can be done; `bound` are forms that came back with something to mend."""
    for form in bound.values():
        form.put_focus()
    edition = shopper.edition
    now = clock.now()
    seen = shopper_version(shopper)
    sheet = read_sheet(shopper, at=now)
    today = now.astimezone(edition.tzinfo).date()
    context = {
        "edition": edition,
        "shopper": shopper,
        "seen": seen,
        "sheet": sheet,
        "facts": _facts(sheet),
        "can_change": edition.phase in FIRST_PLAN_PHASES,
        "can_repair": edition.phase in REPAIR_PHASES,
        "leaves_early": shopper.available_to is not None and shopper.available_to < edition.ends_on,
        "drop_out_form": DropOutForm(initial={"from_day": min(max(today, edition.starts_on), edition.ends_on)}),
        "relation_form": RelationForm(participants=[(other.code, other.name) for other in sheet.unrelated]),
        **bound,
    }
    return render(request, "shoppers/office/shopper.html", context, status=status)


def _facts(sheet: ShopperSheet) -> list[tuple[str, object]]:
    shopper = sheet.shopper
    facts = [
        (_("E-post"), shopper.email),
        (_("Fylke"), shopper.county),
        (_("Kjønn"), shopper.get_gender_display()),
        (_("Fødselsår"), str(shopper.birth_year or "")),
        (_("Kontaktmåter"), sheet.channels),
    ]
    return [(term, value or "–") for term, value in facts]


def _find(edition_code: str, shopper_code: str) -> Shopper:
    return get_object_or_404(Shopper.objects.select_related("edition"), edition__code=edition_code, code=shopper_code)
