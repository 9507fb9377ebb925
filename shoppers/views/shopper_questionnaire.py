"""The questionnaire, a step per area, saved as one goes."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kundeservice.core import clock
from shoppers.forms import Changes, read_changes, read_section, rows_of, whole_number
from shoppers.queries.briefing import read_briefing
from shoppers.queries.errands import Step
from shoppers.queries.filling_in import StepOverview, overview, step_after, step_at, step_before
from shoppers.views.access import my_contact_or_404, shoppers_only
from surveys.models import Contact, ReviewState
from surveys.queries.content import MAX_COMMENT_LENGTH, Content, Problem, cleaned
from surveys.queries.drafts import DraftState, read_draft
from surveys.queries.questionnaire import questionnaire_for
from surveys.queries.returns import return_notes
from surveys.services import DraftRejected, SavedDraft, StaleRevision, SurveyRefusal, save_draft

BAD_REQUEST, CONFLICT, CLOSED = 400, 409, 423


@require_http_methods(["GET", "POST"])
@shoppers_only
def fill_in(request: HttpRequest, edition_code: str, contact_code: str, path: str) -> HttpResponse:
    """One area's questions. «Next» saves them all and goes on, with or without JavaScript."""
    contact = my_contact_or_404(request, edition_code, contact_code)
    if not _may_fill_in(contact):
        return redirect("shopper:errand", edition_code, contact_code)
    draft = read_draft(contact)
    steps = overview(questionnaire_for(contact.edition, contact.channel), draft.content)
    step = _known(steps, path)
    if request.method == "GET":
        return _step_page(request, contact, steps, step, draft)
    return _refusal_page(request, contact, steps, step, draft) or _go_on(contact, steps, step)


def _refusal_page(
    request: HttpRequest, contact: Contact, steps: tuple[StepOverview, ...], step: StepOverview, draft: DraftState
) -> HttpResponse | None:
    """Save the whole step; None when it went well, else the page that says what is wrong and keeps what was typed."""
    changes = read_section(step.section, request.POST)
    try:
        _save(request, contact, changes)
    except StaleRevision as refusal:
        lost = _unsaved_comment(step, changes, draft)
        return _step_page(
            request, contact, steps, step, draft, status=CONFLICT, refusal=str(refusal), typed_comment=lost
        )
    except DraftRejected as refusal:
        shown = _with(draft.content, changes)
        return _step_page(
            request, contact, steps, step, draft, status=BAD_REQUEST, problems=refusal.problems, shown=shown
        )
    except SurveyRefusal as refusal:
        return _step_page(request, contact, steps, step, draft, status=CLOSED, refusal=str(refusal))
    return None


def _go_on(contact: Contact, steps: tuple[StepOverview, ...], step: StepOverview) -> HttpResponse:
    following = step_after(steps, step)
    if following is None:
        return redirect("shopper:hand_in", contact.edition.code, contact.code)
    return redirect("shopper:fill_in", contact.edition.code, contact.code, following.path)


def _unsaved_comment(step: StepOverview, changes: Changes, draft: DraftState) -> str:
    """What an older page wanted as comment, where it differs from what stands."""
    area = step.section.area.value
    typed = changes.comments.get(area, "")
    return "" if cleaned(typed) == draft.content.comments.get(area, "") else typed


@require_POST
@shoppers_only
def autosave(request: HttpRequest, edition_code: str, contact_code: str, path: str) -> JsonResponse:
    """Keep what changed on the page. Answers `{message, revision}`; a refusal answers `{message}` with its status."""
    contact = my_contact_or_404(request, edition_code, contact_code)
    steps = overview(questionnaire_for(contact.edition, contact.channel), Content())
    changes = read_changes(_known(steps, path).section, request.POST)
    try:
        saved = _save(request, contact, changes)
    except StaleRevision as refusal:
        return JsonResponse({"message": str(refusal)}, status=CONFLICT)
    except DraftRejected as refusal:
        return JsonResponse({"message": str(refusal)}, status=BAD_REQUEST)
    except SurveyRefusal as refusal:
        return JsonResponse({"message": str(refusal)}, status=CLOSED)
    return JsonResponse({"message": saved_in_words(saved, contact), "revision": saved.revision})


def saved_in_words(draft: DraftState | SavedDraft, contact: Contact) -> str:
    """«Lagret 14:32», in the edition's own time; empty before anything is saved."""
    if draft.saved_at is None:
        return ""
    return _("Lagret %(time)s") % {"time": f"{draft.saved_at.astimezone(contact.edition.tzinfo):%H:%M}"}


def _save(request: HttpRequest, contact: Contact, changes: Changes) -> SavedDraft:
    return save_draft(
        contact_id=contact.pk,
        revision=whole_number(request.POST.get("revision", "")),
        options=changes.options,
        values=changes.values,
        comments=changes.comments,
        at=clock.now(),
    )


def _may_fill_in(contact: Contact) -> bool:
    briefing = read_briefing(contact, at=clock.now())
    return briefing.is_open and briefing.step == Step.FILL_IN


def _known(steps: tuple[StepOverview, ...], path: str) -> StepOverview:
    step = step_at(steps, path)
    if step is None:
        raise Http404
    return step


def _with(content: Content, changes: Changes) -> Content:
    return content.with_changes(options=changes.options, values=changes.values, comments=changes.comments)


def _step_page(
    request: HttpRequest,
    contact: Contact,
    steps: tuple[StepOverview, ...],
    step: StepOverview,
    draft: DraftState,
    *,
    status: int = 200,
    shown: Content | None = None,
    problems: Sequence[Problem] = (),
    refusal: str = "",
    typed_comment: str = "",
) -> HttpResponse:
    content = shown or draft.content
    area = step.section.area.value
    context = {
        "contact": contact,
        "edition": contact.edition,
        "step": step,
        "before": step_before(steps, step),
        "after": step_after(steps, step),
        "rows": rows_of(step.section, content, problems),
        "comment": content.comments.get(area, ""),
        "comment_problem": next((p.message for p in problems if p.area == area and not p.question), ""),
        "other_problems": [p.message for p in problems if not p.area],
        "typed_comment": typed_comment,
        "revision": draft.revision,
        "saved": saved_in_words(draft, contact),
        "refusal": refusal,
        "returned": return_notes([contact.pk]).get(contact.pk) if contact.review == ReviewState.RETURNED else None,
        "most": str(MAX_COMMENT_LENGTH),
    }
    return render(request, "shoppers/step.html", context, status=status)
