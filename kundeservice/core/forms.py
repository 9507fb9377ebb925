"""Fields and forms that stand at more than one door."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.forms import RequestLoginCodeForm
from django import forms
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from kundeservice.core.addresses import AddressField, normalised_address
from kundeservice.core.local_time import NoSuchMoment, moment_of


class LocalMomentField(forms.DateTimeField):
    """A date and time as the clock here shows them; an hour it skips or shows twice is explained, not guessed."""

    def to_python(self, value: Any) -> dt.datetime | None:
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            if error.code == "ambiguous_timezone" and error.params:
                raise forms.ValidationError(_why(error.params["datetime"]), code=error.code) from error
            raise


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
