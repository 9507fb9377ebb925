"""The colours and the text size of a medium: white screen, night screen, paper.

Charts carry their colours as presentation attributes, because a PDF renderer reads no page style inside an SVG.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

Role: TypeAlias = Literal[
    "ink", "quiet-ink", "paper", "grid", "own", "mean", "best", "strip", "crowd", "quiet", "good", "bad", "award",
    "step-1", "step-2", "step-3", "step-4", "step-5", "step-6", "step-7", "on-dark", "on-pale",
]  # fmt: skip

STEPS: tuple[Role, ...] = ("step-1", "step-2", "step-3", "step-4", "step-5", "step-6", "step-7")


@dataclass(frozen=True)
class Palette:
    """Colour by role, and the size of ordinary text in px (96 to the inch, so 12 px is 9 pt on paper)."""

    name: str
    colours: Mapping[Role, str]
    text_size: float


_ON_WHITE: dict[Role, str] = {
    "ink": "#16202A", "quiet-ink": "#5B6B78", "paper": "#FFFFFF", "grid": "#E3E8E8",
    "own": "#0B4F6C", "mean": "#5B6B78", "best": "#1E6B52", "strip": "#E6ECEC", "crowd": "#B3C0C4",
    "quiet": "#8496A2", "good": "#1E6B52", "bad": "#A4243B", "award": "#F2B705",
    "step-1": "#0B4F6C", "step-2": "#2F6B87", "step-3": "#6493AB", "step-4": "#8FB2C4",
    "step-5": "#B4CDD9", "step-6": "#D3E1E8", "step-7": "#E9F0F3",
    "on-dark": "#FFFFFF", "on-pale": "#16202A",
}  # fmt: skip

LIGHT = Palette("light", MappingProxyType(_ON_WHITE), text_size=14)
PRINT = Palette("print", MappingProxyType(_ON_WHITE), text_size=12)
