"""What a shopper tells of a contact: when it began, how long the wait was, when the answer came – and handing in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kundeservice.core.forms import LocalMomentField
from shoppers.forms.page import PageForm
from surveys.engine.waiting import WaitRules
from surveys.models import AttemptResult, Channel, ShortTryReason
from surveys.queries.content import MAX_COMMENT_LENGTH

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

TIME_FORMAT = "%Y-%m-%dT%H:%M"
MOST_MINUTES = 15_000
"""Ten days: more than any wait that counts."""
MOST_SECONDS = 59


def _moment(label: _StrPromise) -> LocalMomentField:
    return LocalMomentField(
        label=label,
        input_formats=[TIME_FORMAT, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=TIME_FORMAT),
    )


def _number(label: _StrPromise, refusal: _StrPromise, *, most: int) -> forms.IntegerField:
    """A number that says its own name when it is refused, for it stands beside another one."""
    why = format_lazy(refusal, most=most)
    messages = {"invalid": why, "min_value": why, "max_value": why}
    return forms.IntegerField(label=label, min_value=0, max_value=most, required=False, error_messages=messages)


class StartForm(PageForm):
    """When an attempt began, where it was not just now."""

    started_at = _moment(gettext_lazy("Når begynte du?"))


class WaitForm(PageForm):
    """A wait in minutes and seconds."""

    minutes = _number(
        gettext_lazy("Minutter"), gettext_lazy("Minuttene må være et helt tall fra 0 til {most}."), most=MOST_MINUTES
    )
    seconds = _number(
        gettext_lazy("Sekunder"), gettext_lazy("Sekundene må være et helt tall fra 0 til {most}."), most=MOST_SECONDS
    )

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


def reasons_on(channel: str) -> list[tuple[str, str]]:
    """Why an attempt on this channel may be given up early, as choices: a number is wrong only where one is dialled."""
    return [
        (reason.value, str(reason.label))
        for reason in ShortTryReason
        if reason != ShortTryReason.WRONG_NUMBER or channel == Channel.TELEPHONE
    ]


class AttemptForm(WaitForm):
    """An attempt told afterwards, without the clock. What is left behind has no queue, and is not given up early."""

    started_at = _moment(gettext_lazy("Når begynte du?"))
    result = forms.ChoiceField(
        label=gettext_lazy("Hvordan gikk det?"), choices=AttemptResult.choices, widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Ga du deg før tiden var ute? Si hvorfor"),
        choices=ShortTryReason.choices,
        required=False,
    )
    field_order = ("started_at", "result", "minutes", "seconds", "reason")

    def __init__(self, *args: Any, rules: WaitRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if rules.is_waited_out:
            reasons = [("", _("Nei, jeg ventet tiden ut")), *reasons_on(rules.channel)]
            self.fields["reason"].choices = reasons  # type: ignore[attr-defined]
        else:
            del self.fields["reason"]
            results = [choice for choice in AttemptResult.choices if choice[0] != AttemptResult.NOT_QUEUED]
            self.fields["result"].choices = results  # type: ignore[attr-defined]


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


def as_local(moment: dt.datetime) -> str:
    """A moment as `datetime-local` wants it."""
    return moment.strftime(TIME_FORMAT)
