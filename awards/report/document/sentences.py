"""The headlines of a report: full bokmål sentences with the number in them, from exact figures.

A report speaks to the participant as «dere». Every function copes with figures that have no basis.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from awards.report.queries.report_data import ChannelFacts, ComparedFigure, Loss, ReportData, ReportQuestion
from kundeservice.core.numbers import format_number, format_signed, round_half_up
from surveys.models import Area, Channel, Metric

DEFINITE_AREAS = {
    Area.WAIT.value: "svar- og ventetiden",
    Area.WELCOME.value: "velkomsten",
    Area.AGENT.value: "kundebehandleren",
    Area.OVERALL.value: "totalinntrykket",
}
DEFINITE_CHANNELS = {
    Channel.TELEPHONE.value: "telefonen",
    Channel.EMAIL.value: "e-posten",
    Channel.CHAT.value: "chatten",
    Channel.MESSENGER.value: "Messenger",
}
_LOSS_NAMES = {"": "henvendelser uten svar", **DEFINITE_AREAS}
MONTHS = (
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
)
SMALL_NUMBERS = ("null", "én", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv")


def points(value: Fraction | Decimal | int) -> str:
    """``74,3``: a score or a difference as it is written in a sentence."""
    return format_number(value)


def counted(number: int, one: str, many: str, *, capital: bool = False) -> str:
    """``én henvendelse``, ``25 henvendelser``: words up to twelve, figures above."""
    word = SMALL_NUMBERS[number] if number < len(SMALL_NUMBERS) else str(number)
    text = f"{word} {one if number == 1 else many}"
    return text[0].upper() + text[1:] if capital else text


def is_level(difference: Fraction, *, decimals: int = 1) -> bool:
    """Whether a difference is nothing with the decimals the report shows."""
    return round_half_up(difference, decimals) == 0


def relation(difference: Fraction, to: str, *, decimals: int = 1) -> str:
    """``5,1 over klassen``, ``3,2 under klassen``, ``likt med klassen``."""
    if is_level(difference, decimals=decimals):
        return f"likt med {to}"
    return f"{format_number(abs(difference), decimals)} {'over' if difference > 0 else 'under'} {to}"


def reference(comparison: ComparedFigure, *, alone: bool) -> tuple[Fraction | None, str]:
    """What a figure is held against: the class, or everybody for one who is alone in the class."""
    return (comparison.all_mean, "snittet for alle") if alone else (comparison.class_mean, "klassesnittet")


def total_headline(data: ReportData) -> str:
    """Total, place and distance to the class in one sentence."""
    total = data.total.own
    if total is None:
        return "Ingen av henvendelsene teller, så dere har ikke noe totalresultat"
    if not data.answered:
        return f"Ingen av de {data.contacts} henvendelsene fikk svar, og totalresultatet er {points(total)}"
    if not data.ranked:
        return (
            f"Dere fikk {points(total)} poeng, men blir ikke rangert: "
            f"{data.contacts} av minst {data.min_counted} henvendelser teller"
        )
    return _ranked_headline(data, total)


def _ranked_headline(data: ReportData, total: Fraction) -> str:
    if data.rank_overall == 1:
        return f"Dere vant hele kåringen med {points(total)} poeng{_margin(data, total)}"
    if data.is_alone:
        place = f"nummer {data.rank_overall} av {data.everyone_ranked}"
    elif data.rank_in_class == 1:
        return f"Dere vant klassen med {points(total)} poeng{_margin(data, total)}"
    else:
        place = f"nummer {data.rank_in_class} av {data.class_ranked} i klassen"
    mean, whom = reference(data.total, alone=data.is_alone)
    distance = "" if mean is None else f", {relation(total - mean, whom)},"
    return f"Dere fikk {points(total)} poeng{distance} og ble {place}"


def _margin(data: ReportData, total: Fraction) -> str:
    if data.shares_first_place:
        return ", likt med en annen"
    if data.runner_up is None or is_level(total - data.runner_up):
        return ""
    return f", {points(total - data.runner_up)} foran nummer to"


def losses_headline(by_area: Sequence[Loss]) -> str:
    """Which line of the table of losses cost most, of all that was lost. Lines that look alike there share it."""
    missing = sum((loss.own for loss in by_area), start=Fraction(0))
    most = max((round_half_up(loss.own) for loss in by_area), default=round_half_up(0))
    if not missing:
        return "Dere fikk alle de 100 poengene"
    if not most:
        return f"Dere mistet {points(missing)} poeng, og ingen av områdene kostet mer enn de andre"
    first = [_LOSS_NAMES[loss.key] for loss in by_area if round_half_up(loss.own) == most]
    each = " hver" if len(first) > 1 else ""
    return f"{_capital(listed(first))} kostet mest: {points(most)}{each} av de {points(missing)} poengene dere mistet"


def areas_headline(data: ReportData) -> str:
    """The area furthest above and the one furthest below what it is held against."""
    found = _differences(data.areas, alone=data.is_alone)
    if not found:
        return "Ingen henvendelser fikk svar, så områdene har ingen score"
    whom = "snittet for alle" if data.is_alone else "klassen"
    return _best_and_worst([(DEFINITE_AREAS[row.key], difference) for row, difference in found], whom, "områdene")


def channels_headline(channels: Sequence[ChannelFacts]) -> str:
    """Which channel lifts and which costs, in points of the total: the column «Utslag» of the table."""
    found = [(facts, facts.effect) for facts in channels if facts.effect is not None]
    if not found:
        return "Kontaktmåtene har ingen score"
    if len(channels) == 1:
        facts, effect = found[0]
        own = facts.comparison.own or Fraction(0)
        whom = "klassen" if facts.against_class else "snittet for alle"
        name = DEFINITE_CHANNELS[facts.comparison.key]
        return f"Alle henvendelsene kom på {name}: {points(own)} poeng, {relation(effect, whom)}"
    names = [(DEFINITE_CHANNELS[facts.comparison.key], effect) for facts, effect in found]
    best, worst = max(names, key=lambda pair: pair[1]), min(names, key=lambda pair: pair[1])
    lifts, costs = round_half_up(best[1]) > 0, round_half_up(worst[1]) < 0
    if lifts and costs:
        return f"{_capital(best[0])} løfter dere {points(best[1])} poeng; {worst[0]} koster {points(-worst[1])}"
    if lifts:
        return f"Ingen kontaktmåte trekker dere ned; {best[0]} løfter {points(best[1])} poeng av totalen"
    if costs:
        return f"Ingen kontaktmåte løfter dere; {worst[0]} koster {points(-worst[1])} poeng av totalen"
    return "Ingen av kontaktmåtene gir utslag på totalen"


def answers_headline(data: ReportData) -> str:
    """How many got no answer, and what that cost."""
    missed = data.contacts - data.answered
    if not data.contacts:
        return "Ingen henvendelser teller"
    if not missed:
        return f"Alle de {data.contacts} henvendelsene fikk svar"
    if not data.answered:
        return f"Ingen av de {data.contacts} henvendelsene fikk svar"
    head = f"{missed} av {data.contacts} henvendelser fikk ikke svar"
    if data.answered_total.own is None:
        return head
    return f"{head}; de {data.answered} som fikk svar, har {points(data.answered_total.own)} i snitt"


def experience_headline(metrics: Sequence[ComparedFigure], *, alone: bool) -> str:
    """NPS first, else the first metric that was measured."""
    measured = [metric for metric in metrics if metric.own is not None]
    if not measured:
        return "Ingen svarte på spørsmålene om kundeopplevelse"
    chosen = next((metric for metric in measured if metric.key == Metric.NPS.value), measured[0])
    mean, whom = reference(chosen, alone=alone)
    own = chosen.own or Fraction(0)
    if chosen.key == Metric.NPS.value:
        if mean is None:
            return f"NPS er {format_signed(own, 0)}"
        return f"NPS er {format_signed(own, 0)}; {whom} er {format_signed(mean, 0)}"
    return f"{chosen.label} er {points(own)}" + ("" if mean is None else f", {relation(own - mean, whom)}")


def questions_headline(area: str, rows: Sequence[ReportQuestion], *, alone: bool) -> str:
    """On how many of an area's questions with points the participant is above what it is held against."""
    name = DEFINITE_AREAS.get(area, "området")
    whom = "snittet for alle" if alone else "klassen"
    found = [
        row.own - mean
        for row in rows
        if row.own is not None and (mean := row.all_mean if alone else row.class_mean) is not None
    ]
    if not found:
        if any(row.gives_points for row in rows):
            return f"Spørsmålene om {name} har ingen score å sammenlikne"
        amount = "Ett" if len(rows) == 1 else _capital(counted(len(rows), "", "").strip())
        return f"{amount} spørsmål uten poeng om {name}"
    above = sum(round_half_up(difference) > 0 for difference in found)
    if len(found) == 1:
        return f"På det ene spørsmålet med poeng om {name} ligger dere {relation(found[0], whom)}"
    number = SMALL_NUMBERS[len(found)] if len(found) < len(SMALL_NUMBERS) else str(len(found))
    if above == len(found):
        return f"På alle {number} spørsmålene med poeng om {name} ligger dere over {whom}"
    if not above:
        return f"På ingen av de {number} spørsmålene med poeng om {name} ligger dere over {whom}"
    return f"På {above} av {len(found)} spørsmål med poeng om {name} ligger dere over {whom}"


def contacts_headline(data: ReportData) -> str:
    """How many contacts, from when to when."""
    weeks = sorted({row.week for row in data.contact_rows})
    if not weeks:
        return "Ingen henvendelser teller"
    first, last = (int(week.split("-W")[1]) for week in (weeks[0], weeks[-1]))
    period = f"i uke {first}" if weeks[0] == weeks[-1] else f"fra uke {first} til uke {last}"
    amount = counted(data.contacts, "henvendelse", "henvendelser", capital=True)
    if data.contacts == 1:
        answered = "den fikk svar" if data.answered else "den fikk ikke svar"
    else:
        answered = "alle fikk svar" if data.answered == data.contacts else f"{data.answered or 'ingen'} fikk svar"
    return f"{amount} {period}; {answered}"


def quotations_headline(data: ReportData) -> str:
    """How many comments, from how many answered contacts."""
    amount = counted(len(data.quotations), "kommentar", "kommentarer", capital=True)
    return f"{amount} fra {counted(data.answered, 'besvart henvendelse', 'besvarte henvendelser')}"


def _differences(rows: Sequence[ComparedFigure], *, alone: bool) -> list[tuple[ComparedFigure, Fraction]]:
    found = []
    for row in rows:
        mean, _whom = reference(row, alone=alone)
        if row.own is not None and mean is not None:
            found.append((row, row.own - mean))
    return found


def _best_and_worst(names: Sequence[tuple[str, Fraction]], whom: str, what: str) -> str:
    best, worst = max(names, key=lambda pair: pair[1]), min(names, key=lambda pair: pair[1])
    lifts, costs = round_half_up(best[1]) > 0, round_half_up(worst[1]) < 0
    if lifts and costs:
        return f"{_capital(best[0])} ligger {points(best[1])} over {whom}; {worst[0]} ligger {points(-worst[1])} under"
    if lifts:
        return f"Ingen av {what} ligger under {whom}; {best[0]} ligger {points(best[1])} over"
    if costs:
        return f"Ingen av {what} ligger over {whom}; {worst[0]} ligger {points(-worst[1])} under"
    return f"Alle {what} ligger likt med {whom}"


def listed(names: Sequence[str]) -> str:
    """``a``, ``a og b``, ``a, b og c``."""
    *others, last = names
    return f"{', '.join(others)} og {last}" if others else last


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
