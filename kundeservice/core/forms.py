"""Fields and forms that stand at more than one door."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from allauth.account.forms import RequestLoginCodeForm
from django import forms
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from kundeservice.core.addresses import AddressField, normalised_address
from kundeservice.core.local_time import FIRST_YEAR, LAST_YEAR, NoSuchMoment, is_of_our_time, moment_of


class DayField(forms.DateField):
    """A date in a year anybody can mean."""

    def to_python(self, value: Any) -> dt.date | None:
        return _of_our_time(super().to_python(value))


class LocalMomentField(forms.DateTimeField):
    """A date and time as the clock here shows them, in a year anybody can mean; an hour the clock skips or shows twice
    is explained, not guessed.
    """

    def to_python(self, value: Any) -> dt.datetime | None:
        try:
            return _of_our_time(super().to_python(value))
        except forms.ValidationError as error:
            if error.code == "ambiguous_timezone" and error.params:
                raise forms.ValidationError(_why(error.params["datetime"]), code=error.code) from error
            raise


Day = TypeVar("Day", bound=dt.date)


def _of_our_time(day: Day | None) -> Day | None:
    if day is not None and not is_of_our_time(day):
        years = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise forms.ValidationError(_("Året må være fra %(first)d til %(last)d."), code="year", params=years)
    return day


def _why(written: dt.datetime) -> str:
    timezone = get_current_timezone()
    try:
        moment_of(written, timezone if isinstance(timezone, ZoneInfo) else ZoneInfo(str(timezone)))
    except NoSuchMoment as problem:
        return str(problem)
    raise AssertionError(f"{written} is a moment in {timezone}")


class LoginCodeForm(RequestLoginCodeForm):
    """Asks for the address. The browser does not judge it first: it would refuse characters nobody sees."""

    email = AddressField(
        label=_("E-postadresse"),
        widget=forms.TextInput(
            attrs={"inputmode": "email", "autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_email(self) -> str:
        self.cleaned_data["email"] = normalised_address(self.cleaned_data["email"])
        return str(super().clean_email())
