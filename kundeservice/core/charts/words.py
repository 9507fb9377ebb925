"""The few words and the figures of charts, in the language they are drawn for."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext

from kundeservice.core.numbers import DASH, Exact, format_number, format_share


def figure(value: Exact | None, decimals: int, language: str) -> str:
    """The number as a chart writes it; a dash when there is none."""
    return DASH if value is None else format_number(value, decimals, language=language)


def share(value: Exact | None, decimals: int, language: str) -> str:
    """The number of per cent as a chart writes it; a dash when there is none."""
    return DASH if value is None else format_share(Fraction(value) / 100, decimals, language=language)


def own_word() -> str:
    return gettext("Dere")


def mean_word() -> str:
    return gettext("Klassesnitt")


def best_word() -> str:
    return gettext("Best i klassen")


def everyone_word() -> str:
    return gettext("Alle deltakere")


def whisker_word() -> str:
    return gettext("Usikkerhet")


def week_word() -> str:
    return gettext("uke")
