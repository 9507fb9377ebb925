"""From a package to what the engine counts, with nothing in between: a recount needs no database."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from awards.package.format.rows import EditionPackage
from scoring import engine


def engine_input(package: EditionPackage) -> engine.Edition:
    """Everything the numbers depend on, as the engine takes it."""
    return engine.Edition(
        rules=_rules(package),
        participants=tuple(engine.Participant(code=r.code, award_class=r.award_class) for r in package.participants),
        contacts=_contacts(package),
    )


def _rules(package: EditionPackage) -> engine.Rules:
    options: dict[str, dict[str, engine.Option]] = defaultdict(dict)
    for row in package.options:
        options[row.question][row.code] = engine.Option(
            code=row.code, points=_exact(row.points), not_applicable=row.not_applicable
        )
    bands: dict[str, list[engine.Band]] = defaultdict(list)
    for band in package.wait_bands:
        bands[band.channel].append(engine.Band(up_to=_exact(band.up_to), percent=Fraction(band.percent)))
    return engine.Rules(
        weights={area: Fraction(weight) for area, weight in package.edition.weights.items()},
        min_counted=package.edition.min_counted,
        min_channel_contacts=package.edition.min_channel_contacts,
        bands={channel: tuple(rows) for channel, rows in bands.items()},
        questions={
            row.code: engine.Question(
                code=row.code,
                area=row.area,
                kind=row.kind,
                channels=frozenset(row.channels),
                metric=row.metric,
                options=options[row.code],
                scale=None if row.scale_min is None or row.scale_max is None else (row.scale_min, row.scale_max),
            )
            for row in package.questions
        },
    )


def _contacts(package: EditionPackage) -> tuple[engine.Contact, ...]:
    ticked: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    values: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for answer in package.answers:
        if answer.value is not None:
            values[answer.contact][answer.question] = Fraction(answer.value)
            continue
        before = ticked[answer.contact].get(answer.question, frozenset())
        ticked[answer.contact][answer.question] = before | {answer.option}
    return tuple(
        engine.Contact(
            code=row.code,
            participant=row.participant,
            channel=row.channel,
            outcome=row.outcome,
            review=row.review,
            wait=_exact(row.wait),
            options=ticked.get(row.code, {}),
            values=values.get(row.code, {}),
        )
        for row in package.contacts
    )


def _exact(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)
