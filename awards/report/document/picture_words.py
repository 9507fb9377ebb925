"""What a picture of a report says to those who do not see it: every figure it draws, and what they come to.

The figures are those the picture and the table beside it are made of, with the decimals they are printed with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from awards.report.document.pages import QuestionLine, Segment
from awards.report.document.sentences import listed, points, relation
from awards.report.queries.report_data import ChannelFacts, ComparedFigure, Loss, ReportData
from kundeservice.core.numbers import DASH, format_number, format_share, round_half_up


@dataclass(frozen=True, slots=True)
class Manner:
    """How figures are told: against everybody for one who is alone in the class, and with so many decimals."""

    alone: bool
    decimals: int = 1

    @property
    def mean(self) -> str:
        return "snitt for alle" if self.alone else "klassesnitt"

    @property
    def whom(self) -> str:
        return "snittet for alle" if self.alone else "klassesnittet"

    def told(self, value: Fraction | None) -> str:
        return "mangler" if value is None else format_number(value, self.decimals)

    def mean_of(self, row: ComparedFigure) -> Fraction | None:
        return row.all_mean if self.alone else row.class_mean


def totals_words(data: ReportData) -> str:
    """One's own total, and what is marked on the lines it is drawn on."""
    manner, total = Manner(data.is_alone), data.total
    told = [f"Deres {manner.told(total.own)}"]
    if not data.is_alone and total.classmates:
        told += [f"klassesnittet {manner.told(total.class_mean)}", f"best i klassen {manner.told(total.class_best)}"]
    told += [f"snittet for alle {manner.told(total.all_mean)}", *_span(total, manner)]
    return _sentences(", ".join(told), _conclusion([total], manner))


def interval_words(data: ReportData, least: Decimal, most: Decimal) -> str:
    """The interval, and on which side of it the mean lies that the total is held against."""
    manner = Manner(data.is_alone)
    told = f"Totalresultat {manner.told(data.total.own)}, 95 prosent intervall fra {points(least)} til {points(most)}"
    mean = manner.mean_of(data.total)
    if mean is None:
        return _sentences(told)
    shown = round_half_up(mean)
    where = "under" if shown < least else "over" if shown > most else "innenfor"
    name = manner.whom[0].upper() + manner.whom[1:]
    return _sentences(told, f"{name} {points(mean)} ligger {where}{'' if where == 'innenfor' else ' intervallet'}")


def losses_words(losses: Sequence[Loss]) -> str:
    """What each cost beside the class, and which cost most."""
    told = [f"{_label(loss.label)} {points(loss.own)}, klassesnitt {points(loss.class_mean)}" for loss in losses]
    most = max(round_half_up(loss.own) for loss in losses)
    dearest = [f"«{loss.label}»" for loss in losses if round_half_up(loss.own) == most]
    each = " hver" if len(dearest) > 1 else ""
    return _sentences(*told, f"{listed(dearest)} kostet mest, {points(most)} poeng{each}")


def comparison_words(rows: Sequence[ComparedFigure], manner: Manner) -> str:
    """Each row's figures, and which lie furthest from the mean."""
    return _sentences(*(_comparison(row, manner) for row in rows), _conclusion(rows, manner))


def waits_words(channels: Sequence[ChannelFacts], speeds: Sequence[tuple[int, int, int]]) -> str:
    """How soon each channel was answered, and how many never were."""
    told = [
        f"{_label(facts.comparison.label)} {fast} med full score, {slow} senere, {missed} uten svar"
        for facts, (fast, slow, missed) in zip(channels, speeds, strict=True)
    ]
    missed = sum(facts.contacts - facts.answered for facts in channels)
    return _sentences(*told, f"Til sammen {missed} av {sum(facts.contacts for facts in channels)} uten svar")


def answers_words(line: QuestionLine) -> str:
    """How often each answer was given, which was given most, and the scores that come of it."""
    told = "; ".join(f"{segment.label}: {segment.count}" for segment in line.segments)
    return _sentences(told, _most(line), _scores(line))


def ticks_words(line: QuestionLine) -> str:
    """Each choice's own share of those who answered, which was ticked most, and the scores that come of it."""
    told = "; ".join(
        f"{segment.label} {format_share(share_of(segment, line))} ({segment.count})" for segment in line.segments
    )
    return _sentences(f"{line.several_note}: {told}", _most(line), _scores(line))


def share_of(segment: Segment, line: QuestionLine) -> Fraction:
    return Fraction(segment.count, line.asked)


def _most(line: QuestionLine) -> str:
    most = max((segment.count for segment in line.segments), default=0)
    if not most:
        return ""
    labels = [f"«{segment.label}»" for segment in line.segments if segment.count == most]
    return f"Oftest: {listed(labels)}, {most} av {line.asked}{' hver' if len(labels) > 1 else ''}"


def _scores(line: QuestionLine) -> str:
    if line.own == DASH:
        return ""
    return f"Score {line.own}, klassesnitt {line.class_mean}, alle {line.all_mean}, forskjell {line.difference.text}"


def _comparison(row: ComparedFigure, manner: Manner) -> str:
    told = [f"{_label(row.label)} {manner.told(row.own)}", f"{manner.mean} {manner.told(manner.mean_of(row))}"]
    if not manner.alone and row.class_best is not None:
        told.append(f"best i klassen {manner.told(row.class_best)}")
    return ", ".join([*told, *_span(row, manner)])


def _span(row: ComparedFigure, manner: Manner) -> list[str]:
    if not row.everyone:
        return []
    return [f"alle deltakere fra {manner.told(min(row.everyone))} til {manner.told(max(row.everyone))}"]


def _conclusion(rows: Iterable[ComparedFigure], manner: Manner) -> str:
    found = [
        (row.label, row.own - mean) for row in rows if row.own is not None and (mean := manner.mean_of(row)) is not None
    ]
    if not found:
        return ""
    if len(found) == 1:
        return f"Dere ligger {relation(found[0][1], manner.whom, decimals=manner.decimals)}"
    (best, most), (worst, least) = (choose(found, key=lambda pair: pair[1]) for choose in (max, min))
    furthest = []
    if round_half_up(most, manner.decimals) > 0:
        furthest.append(f"Lengst over {manner.whom} ligger «{best}», med {manner.told(most)}")
    if round_half_up(least, manner.decimals) < 0:
        furthest.append(f"Lengst under {manner.whom} ligger «{worst}», med {manner.told(-least)}")
    return ". ".join(furthest) or f"Alle ligger likt med {manner.whom}"


def _label(label: str) -> str:
    """A label before its figure: a question ends in its own mark."""
    return label if label.endswith(("?", ".", "!", ":")) else f"{label}:"


def _sentences(*told: str) -> str:
    return " ".join(f"{sentence}." for sentence in told if sentence)
