"""What a shopper fills in, and what the project leader asks of the planner.

The rules live in the services; forms read the page and keep what was typed.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kundeservice.core.forms import LocalMomentField
from shoppers.models import RelationKind
from surveys.models import AttemptResult, ShortTryReason
from surveys.queries.content import (
    MAX_COMMENT_LENGTH,
    Content,
    Problem,
    cleaned,
    comment_field,
    question_field,
)
from surveys.queries.questionnaire import AskedQuestion, Section

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

TIME_FORMAT = "%Y-%m-%dT%H:%M"
THINKING_SECONDS = (10, 30, 60)
MOST_SEED = 2**31 - 1
MOST_MINUTES = 15_000
"""Ten days: more than any wait that counts."""


def _moment(label: _StrPromise) -> LocalMomentField:
    return LocalMomentField(
        label=label,
        input_formats=[TIME_FORMAT, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=TIME_FORMAT),
    )


class PageForm(forms.Form):
    """A form that may share its page with others: its fields' ids begin with the form's own name."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}-%s")
        super().__init__(*args, **kwargs)


class StartForm(PageForm):
    """When an attempt began, where it was not just now."""

    started_at = _moment(gettext_lazy("Når begynte du?"))


class WaitForm(PageForm):
    """A wait in minutes and seconds."""

    minutes = forms.IntegerField(label=gettext_lazy("Minutter"), min_value=0, max_value=MOST_MINUTES, required=False)
    seconds = forms.IntegerField(label=gettext_lazy("Sekunder"), min_value=0, max_value=59, required=False)

    @property
    def wait(self) -> Decimal | None:
        """The wait in seconds; None when neither field is filled in."""
        minutes, seconds = self.cleaned_data.get("minutes"), self.cleaned_data.get("seconds")
        if minutes is None and seconds is None:
            return None
        return Decimal(60 * (minutes or 0) + (seconds or 0))


class ResultForm(WaitForm):
    """The end of an attempt that is under way: a press of a button, with the seconds the page's clock has counted."""

    result = forms.ChoiceField(choices=AttemptResult.choices)
    reason = forms.ChoiceField(choices=[("", ""), *ShortTryReason.choices], required=False)
    elapsed = forms.DecimalField(min_value=0, max_digits=9, decimal_places=3, required=False)
    answered_at = LocalMomentField(required=False, input_formats=[TIME_FORMAT, "%Y-%m-%dT%H:%M:%S"])


class AttemptForm(WaitForm):
    """An attempt told afterwards, without the clock."""

    started_at = _moment(gettext_lazy("Når begynte du?"))
    result = forms.ChoiceField(
        label=gettext_lazy("Hvordan gikk det?"), choices=AttemptResult.choices, widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Ga du deg før tiden var ute? Si hvorfor"),
        choices=[("", gettext_lazy("Nei, jeg ventet tiden ut")), *ShortTryReason.choices],
        required=False,
    )
    field_order = ("started_at", "result", "minutes", "seconds", "reason")


class LetterForm(PageForm):
    """An e-mail told afterwards: when it was sent."""

    started_at = _moment(gettext_lazy("Når sendte du den?"))


class AnswerTimeForm(PageForm):
    """When the answer came."""

    answered_at = _moment(gettext_lazy("Når kom svaret?"))


class HandInForm(PageForm):
    """Handing in: the key that makes it safe to repeat, what the shopper has seen, and a word to the leader."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput)
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    message = forms.CharField(
        label=gettext_lazy("Beskjed til prosjektlederen"),
        help_text=gettext_lazy("Hvis noe var uvanlig. Blir ikke en del av rapporten."),
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_message(self) -> str:
        message = self.cleaned_data["message"]
        if len(message) > MAX_COMMENT_LENGTH:
            raise forms.ValidationError(
                _("Beskjeden har %(length)s tegn; kort den ned til høyst %(most)s.")
                % {"length": len(message), "most": MAX_COMMENT_LENGTH}
            )
        return message


@dataclass(frozen=True)
class Changes:
    """What a page wants saved, as `save_draft` takes it."""

    options: Mapping[str, list[str]] = dataclass_field(default_factory=dict)
    values: Mapping[str, int | None] = dataclass_field(default_factory=dict)
    comments: Mapping[str, str] = dataclass_field(default_factory=dict)

    def on(self, content: Content) -> Content:
        """The content with these changes made, texts cleaned as they are when they are saved."""
        comments = {area: cleaned(text) for area, text in self.comments.items()}
        return content.with_changes(options=self.options, values=self.values, comments=comments)


HERE, THERE = "here", "there"
"""Of two answers to one question: the one on this page, or the one that somebody saved meanwhile."""
MOST_TRIED = 5


def fields_of(section: Section) -> tuple[str, ...]:
    """The fields of a step in the order of the page."""
    questions = tuple(question_field(question.code) for question in section.questions)
    return (*questions, comment_field(section.area.value)) if section.has_comment else questions


def read_section(section: Section, data: QueryDict) -> Changes:
    """Everything a whole step says: what is not ticked is taken away.

    A page that was sent whole names all its fields. Those it shows as it got them are left out, so that what somebody
    changed elsewhere stands; so are those for which the other answer was chosen.
    """
    whole = _read(section, data, set(fields_of(section)))
    typed = whole.on(Content())
    named = {
        field
        for field in fields_of(section)
        if data.get(f"keep-{field}") == HERE
        or (data.get(f"keep-{field}") != THERE and typed.mark(field) not in data.getlist(f"seen-{field}"))
    }
    return _read(section, data, named)


def read_changes(section: Section, data: QueryDict) -> Changes:
    """Only what a page names: its `field` parameters, an emptied one included."""
    return _read(section, data, set(data.getlist("field")))


def read_seen(section: Section, data: QueryDict) -> dict[str, tuple[str, ...]]:
    """Field → the marks a save may build on; a page from before there were marks gives none.

    These are what the page was made with (`seen-…`), what the shopper preferred their own answer to (`other-…`), and
    what the page sent before without hearing whether it arrived (`tried-…`, as JSON).
    """
    seen = {}
    for field in fields_of(section):
        if f"seen-{field}" not in data:
            continue
        other = data.getlist(f"other-{field}") if data.get(f"keep-{field}") == HERE else []
        tried = (_tried_mark(section, field, text) for text in data.getlist(f"tried-{field}")[-MOST_TRIED:])
        seen[field] = (*data.getlist(f"seen-{field}"), *other, *tried)
    return seen


def _tried_mark(section: Section, field: str, text: str) -> str:
    """The mark that stands when a save of these values arrived; a mark nothing has when they are no list of texts."""
    try:
        given = json.loads(text)
    except ValueError:
        return ""
    if not isinstance(given, list) or not all(isinstance(value, str) for value in given):
        return ""
    data = QueryDict(mutable=True)
    data.setlist(field, given)
    return _read(section, data, {field}).on(Content()).mark(field)


def _read(section: Section, data: QueryDict, named: Collection[str]) -> Changes:
    asked = [question for question in section.questions if question_field(question.code) in named]
    comment = comment_field(section.area.value)
    return Changes(
        options={
            question.code: [code for code in data.getlist(question_field(question.code)) if code]
            for question in asked
            if not question.is_scale
        },
        values={
            question.code: _value(data.get(question_field(question.code), ""))
            for question in asked
            if question.is_scale
        },
        comments={section.area.value: data.get(comment, "")}
        if section.has_comment and comment in data and comment in named
        else {},
    )


def _value(text: str) -> int | None:
    return whole_number(text) if text else None


class ProposalForm(PageForm):
    """How the planner shall think: what it may change, from which seed, and for how long at most."""

    REPAIR, ANEW = "repair", "anew"

    way = forms.ChoiceField(
        label=gettext_lazy("Hva som kan endres"),
        choices=(
            (REPAIR, gettext_lazy("Reparer: så få henvendelser som mulig")),
            (ANEW, gettext_lazy("Lag på nytt: alt kan bli annerledes")),
        ),
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Frø"),
        min_value=0,
        max_value=MOST_SEED,
        initial=1,
        help_text=gettext_lazy("Et annet tall gir en annen plan. Samme tall gir samme plan igjen."),
    )
    seconds = forms.TypedChoiceField(
        label=gettext_lazy("Tenketid, høyst"),
        choices=[(seconds, gettext_lazy("%s sekunder") % seconds) for seconds in THINKING_SECONDS],
        coerce=int,
        initial=THINKING_SECONDS[1],
        help_text=gettext_lazy("Planleggeren stopper før når den ikke finner noe bedre."),
    )

    def __init__(self, *args: Any, ways: Sequence[str], **kwargs: Any) -> None:
        """`ways` are those offered now; where there is only one, it is not asked. The service has the last word."""
        super().__init__(*args, **kwargs)
        self.fields["way"].initial = ways[0]
        if len(ways) == 1:
            self.fields["way"].widget = forms.HiddenInput()

    @property
    def is_repair(self) -> bool:
        """Whether the plan that stands is to be mended. Of a valid form."""
        return bool(self.cleaned_data["way"] == self.REPAIR)


class DropOutForm(PageForm):
    """The first day on which a shopper takes part no more."""

    from_day = forms.DateField(
        label=gettext_lazy("Første dag uten oppdrag"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )


class RelationForm(PageForm):
    """Whom a shopper must never meet, and why."""

    participant = forms.ChoiceField(label=gettext_lazy("Deltaker"))
    kind = forms.ChoiceField(label=gettext_lazy("Forhold"), choices=RelationKind.choices)

    def __init__(self, *args: Any, participants: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """`participants` are (code, name) of those there is no relation to yet."""
        super().__init__(*args, **kwargs)
        self.fields["participant"].choices = [("", _("Velg deltaker")), *participants]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Disagreement:
    """Two answers to one question, in words, and what choosing the other one takes.

    `mark` and `values` are of the other answer; `is_text` when it is a free text.
    """

    field: str
    here: str
    there: str
    mark: str
    values: tuple[str, ...]
    is_text: bool = False


@dataclass(frozen=True)
class QuestionRow:
    """A question as the page shows it: what is chosen (option codes, or the value on a scale), and what to mend.

    `seen` are the marks of what the page is made from.
    """

    question: AskedQuestion
    chosen: frozenset[str]
    problem: str = ""
    seen: tuple[str, ...] = ()
    disagreement: Disagreement | None = None

    @property
    def name(self) -> str:
        return question_field(self.question.code)

    @property
    def steps(self) -> tuple[str, ...]:
        """The values of a scale as the page writes them."""
        return tuple(str(value) for value in self.question.scale)


def rows_of(
    section: Section,
    content: Content,
    *,
    seen: Mapping[str, tuple[str, ...]],
    problems: Mapping[str, Problem],
    disagreements: Mapping[str, Disagreement],
) -> tuple[QuestionRow, ...]:
    """The questions of a step with their answers."""
    rows = []
    for question in section.questions:
        field = question_field(question.code)
        rows.append(
            QuestionRow(
                question=question,
                chosen=_chosen(question, content),
                problem=problems[field].message if field in problems else "",
                seen=seen.get(field, ()),
                disagreement=disagreements.get(field),
            )
        )
    return tuple(rows)


def disagreement(section: Section, field: str, *, here: Content, there: Content) -> Disagreement:
    """What the page and the saved draft say in a field they do not agree on."""
    question = next((asked for asked in section.questions if question_field(asked.code) == field), None)
    if question is None:
        area = section.area.value
        texts = here.comments.get(area, ""), there.comments.get(area, "")
        return Disagreement(field, *texts, mark=there.mark(field), values=(texts[1],), is_text=True)
    return Disagreement(
        field,
        here=_in_words(question, here),
        there=_in_words(question, there),
        mark=there.mark(field),
        values=tuple(sorted(_chosen(question, there))),
    )


def _in_words(question: AskedQuestion, content: Content) -> str:
    chosen = _chosen(question, content)
    if question.is_scale:
        return next(iter(chosen), "")
    return ", ".join(option.text for option in question.options if option.code in chosen)


def _chosen(question: AskedQuestion, content: Content) -> frozenset[str]:
    if not question.is_scale:
        return frozenset(content.options.get(question.code, ()))
    value = content.values.get(question.code)
    return frozenset() if value is None else frozenset({str(value)})


_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,9}")
NO_NUMBER = -1_000
"""Stands for what is no number, so that the service refuses it with the limits that hold."""


def whole_number(text: str) -> int:
    """A whole number of at most nine digits; `NO_NUMBER` for anything else."""
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else NO_NUMBER


def as_local(moment: dt.datetime) -> str:
    """A moment as `datetime-local` wants it."""
    return moment.strftime(TIME_FORMAT)
