"""«Nuller»: what hangs on a single unanswered contact, as one stored study has it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from awards.models import Study
from awards.studies.queries.reading import Names, names_of
from scoring.models import read_fraction
from surveys.models import Channel


@dataclass(frozen=True)
class Standing:
    """Where the participant would stand: its total and its place in class, both None where it would not be ranked."""

    total: Fraction | None
    place: int | None
    moved: int

    @property
    def is_ranked(self) -> bool:
        return self.place is not None


@dataclass(frozen=True)
class ZeroRow:
    """One unanswered contact. `usual` is the score it would have had as usual; `needed` what would have won the class.

    `if_answered` and `if_left_out` are None where there is no such case; a positive `moved` is places up.
    `new_winners` are the prizes that would be won by somebody else, each with who it would be, in words.
    """

    contact: str
    code: str
    name: str
    class_name: str
    channel_label: str
    total: Fraction
    place: int
    usual: Fraction | None
    if_answered: Standing | None
    if_left_out: Standing | None
    needed: Fraction | None
    changes_winner: bool
    new_winners: tuple[str, ...]


@dataclass(frozen=True)
class ZerosPage:
    """The contacts on which a place hangs, first those on which a prize does. `zeros` is how many there are in all."""

    created_at: dt.datetime
    zeros: int
    rows: tuple[ZeroRow, ...]

    @property
    def changing_winner(self) -> int:
        return sum(row.changes_winner for row in self.rows)

    @property
    def losing_rank(self) -> int:
        """Contacts without which their participant would have too few to be ranked."""
        return sum(bool(row.if_left_out and not row.if_left_out.is_ranked) for row in self.rows)


def read_zeros(study: Study) -> ZerosPage:
    """What a study of zeros found. Two queries for the names."""
    effects: list[Mapping[str, Any]] = study.findings["effects"]
    names = names_of(study.run.edition)
    moving = [row for row in effects if row["changes_place"] or row["changes_winner"]]
    rows = sorted((_row(row, names) for row in moving), key=lambda row: not row.changes_winner)
    return ZerosPage(created_at=study.created_at, zeros=len(effects), rows=tuple(rows))


def _row(row: Mapping[str, Any], names: Names) -> ZeroRow:
    now = row["now"]
    return ZeroRow(
        contact=row["contact"],
        code=row["participant"],
        name=names.participants.get(row["participant"], row["participant"]),
        class_name=names.classes.get(row["award_class"], row["award_class"]),
        channel_label=str(Channel(row["channel"]).label),
        total=Fraction(now["total"]),
        place=now["rank_in_class"],
        usual=read_fraction(row["usual_score"]),
        if_answered=_standing(row["if_answered"], now),
        if_left_out=_standing(row["if_left_out"], now),
        needed=read_fraction(row["needed_to_win"]),
        changes_winner=row["changes_winner"],
        new_winners=_new_winners(row, names),
    )


def _standing(found: Mapping[str, Any] | None, now: Mapping[str, Any]) -> Standing | None:
    if found is None:
        return None
    place = found["rank_in_class"]
    if place is None:
        return Standing(total=None, place=None, moved=0)
    return Standing(Fraction(found["total"]), place, now["rank_in_class"] - place)


def _new_winners(row: Mapping[str, Any], names: Names) -> tuple[str, ...]:
    """Which prize would go to whom in either case and does not now; «ingen» where a winner would only fall away."""
    prizes = {
        "class_winners": _("Klassen"),
        "overall_winners": _("Totalt"),
        "channel_winners": str(Channel(row["channel"]).label),
    }
    found: dict[str, None] = {}
    for case in (row["if_answered"], row["if_left_out"]):
        for prize, title in prizes.items() if case else ():
            now, then = row["now"][prize], case[prize]
            if set(now) == set(then):
                continue
            new = [names.participants.get(code, code) for code in then if code not in now]
            winner = ", ".join(new) if new else _("ingen ny")
            found[_("%(prize)s: %(winner)s") % {"prize": title, "winner": winner}] = None
    return tuple(found)
