"""What a plan can prove about itself, ready for JSON: exact numbers as text, nothing rounded on the way."""

from __future__ import annotations

from fractions import Fraction
from typing import TypedDict

from shoppers.planner.types import Figure, Plan

DECIMALS = 2


class FigureEntry(TypedDict):
    """One figure: numbers as "3" or "287/190"."""

    name: str
    value: str
    bound: str
    gap: str


def figure_entries(figures: tuple[Figure, ...]) -> list[FigureEntry]:
    """Figures as text entries, in order."""
    return [
        FigureEntry(
            name=figure.name,
            value=str(Fraction(figure.value)),
            bound=str(Fraction(figure.bound)),
            gap=str(Fraction(figure.gap)),
        )
        for figure in figures
    ]


def objective_text(plan: Plan) -> str:
    """The gaps in the order of fairness on one short line, rounded to hundredths for reading."""
    return " ".join(_short(gap) for gap in plan.objective)


def _short(gap: Fraction) -> str:
    if gap.denominator == 1:
        return str(gap.numerator)
    hundredths = round(gap * 10**DECIMALS)
    return f"{hundredths // 100}.{hundredths % 100:02d}"
