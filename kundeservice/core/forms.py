"""Fields that more than one app's forms have."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.timezone import get_current_timezone

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
