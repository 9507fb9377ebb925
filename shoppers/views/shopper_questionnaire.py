"""The questionnaire, a step per area, saved as one goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kundeservice.core import clock
from shoppers.forms.question_rows import Disagreement, disagreement, rows_of
from shoppers.forms.sections import Changes, fields_of, read_changes, read_section, read_seen, whole_number
from shoppers.queries.briefing import read_standing
from shoppers.queries.filling_in import StepOverview, overview, step_after, step_at, step_before
from shoppers.views.access import my_contact_or_404, my_contacts, shoppers_only
from surveys.models import Contact, ReviewState
from surveys.queries.content import MAX_COMMENT_LENGTH, AnswerProblem, Content, comment_field
from surveys.queries.drafts import DraftState, read_draft
from surveys.queries.questionnaire import Questionnaire, Section, questionnaire_for
from surveys.queries.returns import return_notes
from surveys.services import SavedDraft, SurveyRefusal, save_draft

BAD_REQUEST, CONFLICT, CLOSED = 400, 409, 423


@require_http_methods(["GET", "HEAD", "POST"])
@shoppers_only
def fill_in(request: HttpRequest, edition_code: str, contact_code: str, path: str) -> HttpResponse:
    """One area's questions. «Next» saves them all and goes on, with or without JavaScript.

    From the session to the commit: opening an area takes six queries, going on to the next ten queries.
    """
    contact = my_contact_or_404(request, edition_code, contact_code)
    if not read_standing(contact, at=clock.now()).may_be_filled_in:
        return redirect("shopper:errand", edition_code, contact_code)
    draft = read_draft(contact)
    questionnaire = questionnaire_for(contact.edition, contact.channel)
    steps = overview(questionnaire, draft.content)
    step = _known(steps, path)
    if request.method != "POST":
        return _step_page(request, contact, steps, step, draft)
    return _refusal_page(request, contact, questionnaire, step, draft) or _go_on(contact, steps, step)


def _refusal_page(
    request: HttpRequest, contact: Contact, questionnaire: Questionnaire, step: StepOverview, draft: DraftState
) -> HttpResponse | None:
    """Save the whole step; None when it went well, else the page that says what is wrong and keeps what was typed."""
    changes = read_section(step.section, request.POST)
    seen = read_seen(step.section, request.POST)
    try:
        saved = _save(request, contact, changes, seen, questionnaire)
    except SurveyRefusal as refusal:
        shown = Shown(content=changes.on(draft.content), refusal=str(refusal), is_unsaved=True)
        steps = overview(questionnaire, draft.content)
        return _step_page(request, contact, steps, step, draft, shown=shown, status=CLOSED)
    if not saved.refused and not saved.conflicts:
        return None
    typed = changes.on(saved.content)
    shown = Shown(
        content=typed,
        problems=saved.refused,
        disagreements={
            field: disagreement(step.section, field, here=typed, there=saved.content) for field in saved.conflicts
        },
        seen={field: seen.get(field, ()) for field in saved.conflicts},
        is_unsaved=True,
    )
    status = CONFLICT if saved.conflicts else BAD_REQUEST
    steps = overview(questionnaire, saved.content)
    return _step_page(request, contact, steps, step, saved, shown=shown, status=status)


def _go_on(contact: Contact, steps: tuple[StepOverview, ...], step: StepOverview) -> HttpResponse:
    following = step_after(steps, step)
    if following is None:
        return redirect("shopper:hand_in", contact.edition.code, contact.code)
    return redirect("shopper:fill_in", contact.edition.code, contact.code, following.path)


@require_POST
@shoppers_only
def autosave(request: HttpRequest, edition_code: str, contact_code: str, path: str) -> JsonResponse:
    """Keep what changed on the page, and answer field by field what became of it.

    `{message, revision, fields}`, where a field is `{state: "saved", seen}`, `{state: "refused", message}` or
    `{state: "conflict", html, other, values}`. When nothing at all can be saved any more: `{message}` with its status.

    Eight queries, from the session to the commit; two of them begin and end the transaction.
    """
    contact = my_contact_or_404(request, edition_code, contact_code)
    questionnaire = questionnaire_for(contact.edition, contact.channel)
    section = _known(overview(questionnaire, Content()), path).section
    changes = read_changes(section, request.POST)
    try:
        saved = _save(request, contact, changes, read_seen(section, request.POST), questionnaire)
    except SurveyRefusal as refusal:
        return JsonResponse({"message": str(refusal)}, status=CLOSED)
    named = [field for field in fields_of(section) if field in request.POST.getlist("field")]
    is_whole = not saved.refused and not saved.conflicts
    return JsonResponse(
        {
            "message": saved_in_words(saved, contact) if is_whole else _("Ikke alt er lagret"),
            "revision": saved.revision,
            "fields": {field: _told(section, field, saved, typed=changes.on(saved.content)) for field in named},
        }
    )


def _told(section: Section, field: str, saved: SavedDraft, *, typed: Content) -> dict[str, object]:
    """What became of one field of a save."""
    if field in saved.refused:
        return {"state": "refused", "message": saved.refused[field].message}
    if field in saved.conflicts:
        both = disagreement(section, field, here=typed, there=saved.content)
        html = render_to_string("shoppers/_disagreement.html", {"both": both})
        return {"state": "conflict", "html": html, "other": both.mark, "values": both.values}
    return {"state": "saved", "seen": saved.content.mark(field)}


def saved_in_words(draft: DraftState | SavedDraft, contact: Contact) -> str:
    """«Lagret 14:32», in the edition's own time; empty before anything is saved."""
    if draft.saved_at is None:
        return ""
    return _("Lagret %(time)s") % {"time": f"{draft.saved_at.astimezone(contact.edition.tzinfo):%H:%M}"}


def _save(
    request: HttpRequest,
    contact: Contact,
    changes: Changes,
    seen: Mapping[str, tuple[str, ...]],
    questionnaire: Questionnaire,
) -> SavedDraft:
    return save_draft(
        contact_id=contact.pk,
        among=my_contacts(request),
        options=changes.options,
        values=changes.values,
        comments=changes.comments,
        seen=seen,
        revision=whole_number(request.POST.get("revision", "")),
        questionnaire=questionnaire,
        at=clock.now(),
    )


def _known(steps: tuple[StepOverview, ...], path: str) -> StepOverview:
    step = step_at(steps, path)
    if step is None:
        raise Http404
    return step


@dataclass(frozen=True)
class Shown:
    """What a step's page shows beyond the saved draft: what was typed, what is wrong with it, and what to choose from.

    `seen` are marks that stay as they came, so that a choice not yet made is asked for again.
    """

    content: Content | None = None
    problems: Mapping[str, AnswerProblem] = field(default_factory=dict)
    disagreements: Mapping[str, Disagreement] = field(default_factory=dict)
    seen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refusal: str = ""
    is_unsaved: bool = False


AS_SAVED = Shown()


def _step_page(
    request: HttpRequest,
    contact: Contact,
    steps: tuple[StepOverview, ...],
    step: StepOverview,
    draft: DraftState | SavedDraft,
    *,
    shown: Shown = AS_SAVED,
    status: int = 200,
) -> HttpResponse:
    content = shown.content or draft.content
    area = step.section.area.value
    comment = comment_field(area)
    seen = {name: (draft.content.mark(name),) for name in fields_of(step.section)} | dict(shown.seen)
    context = {
        "contact": contact,
        "edition": contact.edition,
        "step": step,
        "before": step_before(steps, step),
        "after": step_after(steps, step),
        "rows": rows_of(step.section, content, seen=seen, problems=shown.problems, disagreements=shown.disagreements),
        "comment": content.comments.get(area, ""),
        "comment_field": comment,
        "comment_seen": seen.get(comment, ()),
        "comment_problem": shown.problems[comment].message if comment in shown.problems else "",
        "comment_disagreement": shown.disagreements.get(comment),
        "revision": draft.revision,
        "saved": _("Ikke alt er lagret") if shown.is_unsaved else saved_in_words(draft, contact),
        "is_unsaved": shown.is_unsaved,
        "refusal": shown.refusal,
        "has_disagreements": bool(shown.disagreements),
        "returned": return_notes([contact.pk]).get(contact.pk) if contact.review == ReviewState.RETURNED else None,
        "most": MAX_COMMENT_LENGTH,
    }
    return render(request, "shoppers/step.html", context, status=status)
