"""The certificate of a plan in the leader's words: what each figure means, and how near its bound it came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shoppers.planner.certificate import FigureEntry

NAMES: dict[str, tuple[str | Promise, str | Promise]] = {
    "load_spread": (
        _("Jevn belastning"),
        _("Forskjellen mellom den som har flest og den som har færrest oppdrag, blant dem som har plass til flere."),
    ),
    "participant_weeks": (
        _("Deltakerne jevnt over ukene"),
        _("Største forskjell mellom to hele uker i antall henvendelser hos en deltaker."),
    ),
    "participant_blocks": (
        _("Deltakerne jevnt over perioden"),
        _("Det samme mellom bolker på fem virkedager."),
    ),
    "shopper_weeks": (
        _("Mystery shopperne jevnt over ukene"),
        _("Største forskjell mellom to hele uker i antall oppdrag for én person."),
    ),
    "shopper_blocks": (
        _("Mystery shopperne jevnt over perioden"),
        _("Det samme mellom bolker på fem virkedager."),
    ),
    "shopper_days": (_("Oppdrag på én dag"), _("Flest oppdrag én person har på samme dag.")),
    "mix_gender": (
        _("Kjønn speiler hele gruppen"),
        _("Gjennomsnittlig avvik per deltaker, i antall personer."),
    ),
    "mix_age": (_("Alder speiler hele gruppen"), _("Gjennomsnittlig avvik per deltaker, i antall personer.")),
    "mix_region": (
        _("Landsdeler speiler hele gruppen"),
        _("Gjennomsnittlig avvik per deltaker, i antall personer."),
    ),
    "mix_off_by_one": (
        _("Grupper som er én person unna"),
        _("Antall tilfeller der en gruppe avviker med en hel person eller mer."),
    ),
    "shared_shoppers": (
        _("Samme personer hos rivaler"),
        _("Hvor mange mystery shoppere to deltakere i en klasse har til felles. Her er flere bedre."),
    ),
    "weekdays": (
        _("Ukedagene jevnt fordelt"),
        _("Største forskjell mellom ukedager per deltaker og kontaktmåte."),
    ),
    "windows": (
        _("Tidsrommene jevnt fordelt"),
        _("Største forskjell mellom tidsrom per deltaker og kontaktmåte."),
    ),
}
"""Figure → what it is called and what it measures."""


MORE_IS_BETTER = frozenset({"shared_shoppers"})
"""The bound of these is a ceiling; of all others, a floor."""


@dataclass(frozen=True)
class FigureLine:
    """One figure beside the best value any plan could have, both exact."""

    name: str
    label: str
    meaning: str
    value: Fraction
    bound: Fraction

    @property
    def is_at_bound(self) -> bool:
        """No plan could do better."""
        return self.value == self.bound


@dataclass(frozen=True)
class ComparedFigure:
    """One figure of two plans, exact. `verdict` is better, worse or same; empty where nothing stands already."""

    label: str
    meaning: str
    standing: Fraction | None
    proposed: Fraction
    bound: Fraction
    verdict: str


def compared_figures(standing: Iterable[FigureEntry], proposed: Iterable[FigureEntry]) -> tuple[ComparedFigure, ...]:
    """The figures of a proposal beside those of the plan that stands, in the proposal's order."""
    before = {line.name: line for line in figure_lines(standing)}
    return tuple(_compared(before.get(line.name), line) for line in figure_lines(proposed))


def _compared(before: FigureLine | None, after: FigureLine) -> ComparedFigure:
    bounds = [line.bound for line in (before, after) if line is not None]
    return ComparedFigure(
        label=after.label,
        meaning=after.meaning,
        standing=before.value if before else None,
        proposed=after.value,
        bound=max(bounds) if after.name in MORE_IS_BETTER else min(bounds),
        verdict=_verdict(before, after) if before else "",
    )


def _verdict(before: FigureLine, after: FigureLine) -> str:
    if before.value == after.value:
        return "same"
    has_grown = after.value > before.value
    return "better" if has_grown == (after.name in MORE_IS_BETTER) else "worse"


def figure_lines(figures: Iterable[FigureEntry]) -> tuple[FigureLine, ...]:
    """The figures a plan kept, in its order. A figure without words here is shown by its own name."""
    return tuple(_line(figure) for figure in figures)


def _line(figure: FigureEntry) -> FigureLine:
    label, meaning = NAMES.get(figure["name"], (figure["name"], ""))
    return FigureLine(
        name=figure["name"],
        label=str(label),
        meaning=str(meaning),
        value=Fraction(figure["value"]),
        bound=Fraction(figure["bound"]),
    )
