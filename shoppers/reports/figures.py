"""The certificate of a plan in the leader's words: what each figure means, and how near its bound it came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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


def figure_lines(figures: Iterable[Mapping[str, str]]) -> tuple[FigureLine, ...]:
    """The figures a plan kept, in its order. A figure without words here is shown by its own name."""
    return tuple(_line(figure) for figure in figures)


def _line(figure: Mapping[str, str]) -> FigureLine:
    label, meaning = NAMES.get(figure["name"], (figure["name"], ""))
    return FigureLine(
        name=figure["name"],
        label=str(label),
        meaning=str(meaning),
        value=Fraction(figure["value"]),
        bound=Fraction(figure["bound"]),
    )
