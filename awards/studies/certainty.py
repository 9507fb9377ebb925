"""The one sentence about who could be the best, wherever it is said: public pages, reports and the office."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from awards.studies.queries.confidence import CouldBeBest
from kundeservice.core.language import reader_language
from kundeservice.core.numbers import format_number, format_share

MOST_NAMED = 8
"""So many can be named in a sentence; of more, the first are named and the rest are counted."""


def who_could_be_best(verdict: CouldBeBest) -> str:
    """Who could be the best, in one sentence in the reader's language; empty where the study does not say."""
    language = reader_language()
    if not verdict.knows_spread:
        return _("Det er for lite å gå på til å si hvor sikker førsteplassen er.")
    if verdict.is_too_large:
        return _("Det er flere enn %(limit)s rangerte deltakere, for mange til å sammenlikne alle med den beste.") % {
            "limit": format_number(verdict.most_compared, 0, language=language)
        }
    if not verdict.names:
        return ""
    words = {"level": format_share(verdict.level, language=language), "names": in_words(verdict.names)}
    if len(verdict.names) == 1:
        alone = (
            _("Det er %(level)s sikkert at %(names)s er best av alle.")
            if verdict.of_everybody
            else _("Det er %(level)s sikkert at %(names)s er best i klassen.")
        )
        return alone % words
    several = (
        _("Det er %(level)s sikkert at den beste av alle er blant disse: %(names)s.")
        if verdict.of_everybody
        else _("Det er %(level)s sikkert at den beste i klassen er blant disse: %(names)s.")
    )
    return several % words


def in_words(names: Sequence[str]) -> str:
    """``A, B og C``; of many, ``A, B, C, D, E, F, G og 5 andre``."""
    if len(names) == 1:
        return names[0]
    if len(names) <= MOST_NAMED:
        return _("%(first)s og %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
    named = names[: MOST_NAMED - 1]
    rest = len(names) - len(named)
    return ngettext("%(named)s og %(rest)d annen", "%(named)s og %(rest)d andre", rest) % {
        "named": ", ".join(named),
        "rest": rest,
    }
