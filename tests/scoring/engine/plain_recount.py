"""The rules once more, one fraction at a time and with no eye to speed: what the engine has to agree with."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from scoring.engine import Contact, Edition, Rules

AREAS = ("welcome", "agent", "overall")
CHANNELS = ("telephone", "email", "chat", "messenger")
METRICS = ("ces", "csat", "nps", "ves1", "ves2")


class NoScoreError(Exception):
    """An answered contact that the rules give no score."""


def mean(values: Iterable[Fraction]) -> Fraction | None:
    values = list(values)
    total = Fraction(0)
    for value in values:
        total = total + value
    return total / len(values) if values else None


def counted(contact: Contact) -> bool:
    return contact.outcome in ("answered", "no_answer") and contact.review in ("", "approved")


def wait_score(rules: Rules, contact: Contact) -> Fraction | None:
    if contact.wait is None:
        return None
    best = None
    for band in rules.bands[contact.channel]:
        if band.up_to is None or contact.wait <= band.up_to:
            tighter = best is None or best.up_to is None or (band.up_to is not None and band.up_to < best.up_to)
            best = band if tighter else best
    assert best is not None
    return best.percent


def area_score(rules: Rules, contact: Contact, area: str) -> Fraction | None:
    obtained = possible = Fraction(0)
    for question in rules.questions.values():
        ticked = [question.options[code] for code in contact.options.get(question.code, ())]
        points = [option.points for option in question.options.values() if option.points is not None]
        asked = question.area == area and (not question.channels or contact.channel in question.channels)
        if not asked or not points or not ticked or any(option.not_applicable for option in ticked):
            continue
        obtained += sum(option.points for option in ticked if option.points is not None)
        possible += max(points) if question.kind == "single" else sum(value for value in points if value > 0)
    return 100 * obtained / possible if possible else None


def areas_of(rules: Rules, contact: Contact) -> dict[str, Fraction]:
    scores = {"wait": wait_score(rules, contact)} | {area: area_score(rules, contact, area) for area in AREAS}
    return {area: score for area, score in scores.items() if score is not None}


def contact_score(rules: Rules, contact: Contact) -> Fraction:
    if contact.outcome == "no_answer":
        return Fraction(0)
    areas = areas_of(rules, contact)
    weight = sum((rules.weights[area] for area in areas), start=Fraction(0))
    if not weight:
        raise NoScoreError(contact.code)
    return sum((rules.weights[area] * score for area, score in areas.items()), start=Fraction(0)) / weight


def cx(rules: Rules, contacts: list[Contact]) -> dict[str, Fraction | None]:
    answers: dict[str, list[Fraction]] = {metric: [] for metric in METRICS}
    for contact in contacts:
        for code, value in contact.values.items():
            if contact.outcome == "answered" and rules.questions[code].metric:
                answers[rules.questions[code].metric].append(value)
    figures = {metric: mean(values) for metric, values in answers.items()}
    nps = answers["nps"]
    if nps:
        figures["nps"] = Fraction(100 * (sum(9 <= v <= 10 for v in nps) - sum(0 <= v <= 6 for v in nps)), len(nps))
    return figures


def participant_row(rules: Rules, contacts: list[Contact]) -> dict[str, Any]:
    score = {contact.code: contact_score(rules, contact) for contact in contacts}
    answered = [contact for contact in contacts if contact.outcome == "answered"]
    areas = [areas_of(rules, contact) for contact in answered]
    by_channel = {channel: [score[c.code] for c in contacts if c.channel == channel] for channel in CHANNELS}
    return {
        "total": mean(score.values()),
        "answered_total": mean(score[contact.code] for contact in answered),
        **{area: mean(found[area] for found in areas if area in found) for area in ("wait", *AREAS)},
        **{channel: mean(values) for channel, values in by_channel.items()},
        **cx(rules, contacts),
        "contacts": len(contacts),
        "answered": len(answered),
        "channel_contacts": {channel: len(values) for channel, values in by_channel.items()},
        "ranked": len(contacts) >= rules.min_counted,
    }


def beats(one: dict[str, Any], other: dict[str, Any]) -> bool:
    for step in ("total", "answered_total", "agent"):
        mine, theirs = one[step], other[step]
        if mine != theirs:
            return theirs is None or (mine is not None and mine > theirs)
    return False


def recount(edition: Edition) -> dict[str, dict[str, Any]]:
    """Every participant's figures and places by code."""
    rows: dict[str, dict[str, Any]] = {}
    for participant in edition.participants:
        own = [c for c in edition.contacts if c.participant == participant.code and counted(c)]
        rows[participant.code] = participant_row(edition.rules, own) | {"class": participant.award_class}
    for row in rows.values():
        rivals = [other for other in rows.values() if other["ranked"] and beats(other, row)]
        in_class = [other for other in rivals if other["class"] == row["class"]]
        row["rank_overall"] = len(rivals) + 1 if row["ranked"] else None
        row["rank_in_class"] = len(in_class) + 1 if row["ranked"] else None
    return rows


def group_row(edition: Edition, rows: list[dict[str, Any]], participants: list[str]) -> dict[str, Any]:
    """What a class, or the edition, has: means of the participants' values, CX from the pooled answers."""
    own = [c for c in edition.contacts if c.participant in participants and counted(c)]
    names = ("total", "answered_total", "wait", *AREAS, *CHANNELS)
    return {name: mean(row[name] for row in rows if row[name] is not None) for name in names} | cx(edition.rules, own)


def awards(edition: Edition, rows: dict[str, dict[str, Any]]) -> list[tuple[str, str | None, str]]:
    found: list[tuple[str, str | None, str]] = [
        ("class", row["class"], code) for code, row in rows.items() if row["rank_in_class"] == 1
    ]
    found.sort()
    found += sorted(("overall", None, code) for code, row in rows.items() if row["rank_overall"] == 1)
    for channel in CHANNELS:
        able = {
            code: row[channel]
            for code, row in rows.items()
            if row["ranked"]
            and row[channel] is not None
            and row["channel_contacts"][channel] >= edition.rules.min_channel_contacts
        }
        found += sorted((channel, None, code) for code, score in able.items() if score == max(able.values()))
    return found
