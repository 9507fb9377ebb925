"""Why something was not done, in words for the person who asked."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kundeservice.core.queries.history import Act
from kundeservice.core.templatetags.formatting import duration, moment
from surveys.models import Edition
from surveys.queries.content import AnswerProblem

MOST_ACTS = 3
"""So many acts are told; the log has the rest."""


class SurveyRefusal(Exception):
    """A service did not do what it was asked. `str()` of it is a sentence in the reader's language."""


class PhaseRefused(SurveyRefusal):
    """The edition's phase stands in the way."""


class EditionLocked(PhaseRefused):
    """The edition is locked or published; nothing in it changes any more."""

    def __init__(self) -> None:
        super().__init__(_("Årgangen er låst, så svarene kan ikke endres lenger."))


class EditionNotOpen(PhaseRefused):
    """The act belongs to another phase of the edition."""


def wrong_phase(edition: Edition) -> EditionNotOpen:
    """That the act belongs to another phase than the one the edition is in."""
    return EditionNotOpen(
        _("Årgangen er i fasen «%(phase)s», og da kan dette ikke gjøres.") % {"phase": edition.get_phase_display()}
    )


class EditionNotReady(PhaseRefused):
    """The field period cannot open; `problems` says everything that is lacking."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems))


class WorkBegun(PhaseRefused):
    """The opening of the field period cannot be taken back: so many contacts are begun."""

    def __init__(self, number: int) -> None:
        self.number = number
        told = ngettext(
            "%(number)d henvendelse er begynt, så åpningen kan ikke tas tilbake. "
            "Du kan avslutte feltperioden og gjenåpne den.",
            "%(number)d henvendelser er begynt, så åpningen kan ikke tas tilbake. "
            "Du kan avslutte feltperioden og gjenåpne den.",
            number,
        )
        super().__init__(told % {"number": number})


class ShortTry(SurveyRefusal):
    """«No answer» was told before the channel's time was over, and not why. `waited` is in seconds."""

    def __init__(self, *, waited: Decimal, limit: Decimal) -> None:
        self.waited, self.limit = waited, limit
        super().__init__(
            _("Du ventet %(waited)s, og grensen er %(limit)s. Si hvorfor du ga deg før.")
            % {"waited": duration(waited), "limit": duration(limit)}
        )


class ReasonNeeded(SurveyRefusal):
    """A step that leaves something undone, or takes a step back, needs a reason. `undone` says what, in words."""

    def __init__(self, undone: Iterable[str] = ()) -> None:
        self.undone = tuple(undone)
        told = _("Dette er ikke gjort: %(undone)s.") % {"undone": "; ".join(self.undone)} if self.undone else ""
        wanted = _("Skriv hvorfor. Begrunnelsen blir stående i loggen.")
        super().__init__(f"{told} {wanted}".strip())


class ChangedMeanwhile(SurveyRefusal):
    """Somebody else acted after the page was opened. `acts` says who did what, and when, the oldest first."""

    def __init__(self, acts: Iterable[Act]) -> None:
        told = "; ".join(f"{moment(act.at)}, {act.who}: {act.what}" for act in tuple(acts)[-MOST_ACTS:])
        super().__init__(
            _(
                "Noe er gjort her etter at du åpnet siden: %(acts)s. Det du valgte, er ikke lagret. "
                "Se hva som står nå, og velg på nytt."
            )
            % {"acts": told}
        )


class AttemptRefused(SurveyRefusal):
    """The attempt breaks a rule of the channel."""


class NotDecided(SurveyRefusal):
    """The contact has neither an answer nor enough attempts to count as unanswered."""


class AlreadyHandedIn(SurveyRefusal):
    """The response is with the project leader and is not changed by the shopper."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Besvarelsen er levert og kan ikke endres. "
                "Trenger du å rette noe, så be prosjektlederen sende den tilbake."
            )
        )


class StaleRevision(SurveyRefusal):
    """Somebody saved since the page was opened."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Besvarelsen er endret i et annet vindu etter at denne siden ble åpnet. "
                "Last siden på nytt for å se den nyeste."
            )
        )


class DraftRejected(SurveyRefusal):
    """Something in the save does not belong there. Nothing of it was kept."""

    def __init__(self, problems: Iterable[AnswerProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.message for problem in self.problems))


class IncompleteResponse(SurveyRefusal):
    """Required answers are missing; `problems` names them in the order they are asked."""

    def __init__(self, problems: Iterable[AnswerProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(_("Svar på alle spørsmålene før du leverer."))


class ConflictingSubmission(SurveyRefusal):
    """Other content was handed in before. What came now is set aside with the response, not lost."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Besvarelsen er allerede levert med et annet innhold. "
                "Det du sendte nå, er tatt vare på for prosjektlederen."
            )
        )


class ReviewRefused(SurveyRefusal):
    """The response is not in a state in which this can be done to it."""
