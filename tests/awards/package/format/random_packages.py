"""Random editions that hold together, for property tests."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Sequence
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from awards.package.format import rows
from awards.package.format.order import in_canonical_order
from awards.package.format.rows import EditionPackage
from awards.package.format.text_cells import CellError, clean, is_blank, read_text
from surveys.engine import words


def is_label(text: str) -> bool:
    try:
        return bool(read_text(text, longest=200, refuses_fillers=True)) and not is_blank(text)
    except CellError:
        return False


CODES = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,7}", fullmatch=True)
AWKWARD = "=+-@'\";,\t\n\r  <>&_x0041_åæøÅČĐŊŠŦŽčđŋšŧžé«»–’👩\u200d👧\u0301\u202e\ufeff№"
TEXTS = st.one_of(
    st.text(st.one_of(st.sampled_from(AWKWARD), st.characters(exclude_categories=["Cc", "Cs"])), max_size=30),
    st.sampled_from(["=1+1", "<r><t>x</t></r>", "_x000D_", "_x0041_x0042_", "ja, «takk»", '"', "a;b", "1e5", "007"]),
).filter(lambda text: "\ufffe" not in text and "\uffff" not in text)
NAMES = TEXTS.map(lambda text: clean(text, 120)).filter(bool)
LABELS = NAMES.filter(is_label)
"""Texts of the organiser's own: neither spoilt nor standing for nothing."""
LABELS_OR_NOT = st.one_of(st.just(""), LABELS)
PHONES = st.sampled_from(["", "+47 22 00 00 01", "02400", "116 117", "+46 8 123 456 78"])
EMAILS = st.from_regex(r"[A-Za-z0-9+-]{1,10}@[a-zæøå]{1,10}\.(no|example)", fullmatch=True)
DAYS = st.dates(dt.date(1991, 1, 1), dt.date(2198, 12, 31))
INSTANTS = st.datetimes(dt.datetime(1991, 1, 1), dt.datetime(2198, 12, 31)).map(  # noqa: DTZ001 - made aware at once
    lambda moment: moment.replace(tzinfo=dt.UTC)
)
TIMEZONES = st.sampled_from(["Europe/Oslo", "UTC", "America/St_Johns", "Asia/Kathmandu", "Pacific/Chatham"])


@st.composite
def decimals(draw: DrawFn, most: int = 999_999) -> Decimal:
    """Exact numbers from 0 with up to 6 digits before and 9 after the point."""
    places = draw(st.integers(0, 9))
    return Decimal(draw(st.integers(0, most * 10**places))).scaleb(-places)


def subset(values: tuple[str, ...], least: int = 0) -> SearchStrategy[tuple[str, ...]]:
    """Some of the values, in their order."""
    chosen = st.sets(st.sampled_from(values), min_size=least)
    return chosen.map(lambda some: tuple(value for value in values if value in some))


def optional_integers(low: int, high: int) -> SearchStrategy[int | None]:
    return st.none() | st.integers(low, high)


@st.composite
def weights(draw: DrawFn) -> list[Decimal]:
    """Four weights that sum to 100."""
    cuts = sorted(draw(st.lists(decimals(100), min_size=3, max_size=3)))
    ends = [Decimal(0), *cuts, Decimal(100)]
    return [after - before for before, after in itertools.pairwise(ends)]


@st.composite
def settings(draw: DrawFn) -> rows.EditionSettings:
    first, last = sorted([draw(DAYS), draw(DAYS)])
    opens, closes = sorted(draw(st.sets(st.integers(0, 24 * 60 - 1), min_size=2, max_size=2)))
    wait, welcome, agent, overall = draw(weights())
    return rows.EditionSettings(
        code=draw(CODES),
        award=draw(LABELS),
        year=draw(st.integers(1990, 2199)),
        starts_on=first,
        ends_on=last,
        contacts_per_participant=draw(st.integers(1, 1000)),
        max_channels=draw(st.integers(1, 4)),
        weight_wait=wait,
        weight_welcome=welcome,
        weight_agent=agent,
        weight_overall=overall,
        key_telephone=draw(decimals()),
        key_email=draw(decimals()),
        key_chat=draw(decimals()),
        key_messenger=draw(decimals()),
        min_counted=draw(st.integers(1, 1000)),
        min_channel_contacts=draw(st.integers(1, 1000)),
        timezone=draw(TIMEZONES),
        opens_at=dt.time(*divmod(opens, 60)),
        closes_at=dt.time(*divmod(closes, 60)),
        closed_days=tuple(sorted(draw(st.sets(DAYS, max_size=4)))),
        name_nb=draw(LABELS_OR_NOT),
        name_en=draw(LABELS_OR_NOT),
    )


@st.composite
def participants(draw: DrawFn, classes: list[str]) -> tuple[rows.ParticipantRow, ...]:
    counts = optional_integers(0, 1000)
    return tuple(
        rows.ParticipantRow(
            code,
            draw(LABELS),
            draw(st.sampled_from(classes)),
            draw(st.sampled_from(["", "https://firma.example/å?a=1&b=2", "www.firma.example"])),
            draw(st.just("") | EMAILS),
            draw(PHONES) or "02400",
            draw(st.just("") | EMAILS),
            draw(st.sampled_from(["", "https://firma.example/skjema"])),
            draw(st.sampled_from(["", "https://firma.example/chat?x=«å»"])),
            draw(st.sampled_from(["", "https://m.example/x"])),
            *(draw(counts) for _channel in words.CHANNELS),
        )
        for code in draw(st.lists(CODES, min_size=1, max_size=3, unique=True))
    )


@st.composite
def shoppers(draw: DrawFn) -> tuple[rows.ShopperRow, ...]:
    found = []
    for code in draw(st.lists(CODES, min_size=1, max_size=3, unique=True)):
        first, last = sorted([draw(DAYS), draw(DAYS)])
        found.append(
            rows.ShopperRow(
                code,
                draw(LABELS),
                f"{code}-{draw(EMAILS)}",
                draw(optional_integers(1900, 2199)),
                draw(st.sampled_from(["", *words.GENDERS])),
                draw(st.sampled_from(["", "Trøndelag", "Troms – Romsa", "Finnmárku"])),
                ("telephone", *draw(subset(words.CHANNELS[1:]))),
                draw(st.integers(0, 10_000)),
                draw(optional_integers(0, 10_000)),
                draw(st.sampled_from([None, first])),
                draw(st.sampled_from([None, last])),
            )
        )
    return tuple(found)


@st.composite
def question(draw: DrawFn, code: str, metric: str) -> rows.QuestionRow:
    kind = "scale" if metric else draw(st.sampled_from(words.QUESTION_KINDS))
    low, high = sorted(draw(st.sets(st.integers(-100, 100), min_size=2, max_size=2)))
    channels = draw(subset(words.CHANNELS))
    return rows.QuestionRow(
        code,
        "cx" if metric else draw(st.sampled_from(words.AREAS)),
        draw(st.integers(0, 10_000)),
        draw(LABELS),
        draw(LABELS_OR_NOT),
        kind,
        () if len(channels) == len(words.CHANNELS) else channels,
        metric,
        low if kind == "scale" else None,
        high if kind == "scale" else None,
        draw(st.booleans()),
    )


@st.composite
def options(draw: DrawFn, asked: rows.QuestionRow) -> list[rows.OptionRow]:
    if asked.kind == "scale":
        return []
    return [
        rows.OptionRow(
            asked.code,
            code,
            draw(st.integers(0, 10_000)),
            draw(LABELS),
            draw(LABELS_OR_NOT),
            draw(st.none() | decimals()),
            draw(st.booleans()),
        )
        for code in draw(st.lists(CODES, min_size=1, max_size=4, unique=True))
    ]


@st.composite
def wait_bands(draw: DrawFn) -> tuple[rows.WaitBandRow, ...]:
    """Bands for every channel, the last one without end."""
    bands: list[rows.WaitBandRow] = []
    for channel in words.CHANNELS:
        unit = draw(st.sampled_from(words.WAIT_UNITS))
        ends = [*draw(st.sets(decimals(), max_size=3)), None]
        bands.extend(rows.WaitBandRow(channel, unit, up_to, draw(decimals(100))) for up_to in ends)
    return tuple(bands)


@st.composite
def answers(
    draw: DrawFn, contact: rows.ContactRow, asked: list[rows.QuestionRow], choices: list[rows.OptionRow]
) -> list[rows.AnswerRow]:
    found = []
    for each in asked:
        if not each.fits(contact.channel) or not (each.required or draw(st.booleans())):
            continue
        own = [option for option in choices if option.question == each.code]
        if each.kind == "scale":
            assert each.scale_min is not None
            assert each.scale_max is not None
            found.append(rows.AnswerRow(contact.code, each.code, "", draw(st.integers(each.scale_min, each.scale_max))))
            continue
        together = [option.code for option in own if not option.not_applicable]
        ticked = [draw(st.sampled_from(own)).code]
        if each.kind == "multi" and together and draw(st.booleans()):
            ticked = draw(st.lists(st.sampled_from(together), min_size=1, unique=True))
        found.extend(rows.AnswerRow(contact.code, each.code, code, None) for code in ticked)
    return found


@st.composite
def contacts(draw: DrawFn, package: EditionPackage) -> tuple[rows.ContactRow, ...]:
    apart = {(relation.shopper, relation.participant) for relation in package.relations}
    pairs = [
        (shopper, participant)
        for shopper in package.shoppers
        for participant in package.participants
        if (shopper.code, participant.code) not in apart
    ]
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=5, unique=True)) if pairs else []
    found = []
    for code, (shopper, participant) in zip(draw(codes_for(chosen)), chosen, strict=True):
        channel = draw(st.sampled_from([each for each in shopper.channels if each in participant.open_channels]))
        outcome = draw(st.sampled_from(["answered", "", *words.OUTCOMES]))
        wait = None if outcome == "" else draw(decimals() if outcome == "answered" else st.none() | decimals())
        found.append(
            rows.ContactRow(
                code,
                participant.code,
                shopper.code,
                channel,
                draw(st.sampled_from(["2022-W01", "2020-W53", "1999-W52"])),
                draw(st.none() | DAYS),
                draw(st.sampled_from(["", *words.WINDOWS])),
                outcome,
                draw(st.none() | INSTANTS),
                draw(st.none() | INSTANTS),
                wait,
                draw(st.sampled_from(["", *words.REVIEW_STATES])),
            )
        )
    return tuple(found)


def codes_for(things: Sequence[object]) -> SearchStrategy[list[str]]:
    return st.lists(CODES, min_size=len(things), max_size=len(things), unique=True)


@st.composite
def packages(draw: DrawFn) -> EditionPackage:
    """A whole edition, in canonical order, that an import accepts."""
    class_codes = draw(st.lists(CODES, min_size=1, max_size=3, unique=True))
    metrics = draw(subset(words.METRICS))
    question_codes = draw(st.lists(CODES, min_size=max(len(metrics), 2), max_size=7, unique=True))
    kinds = [*metrics, *[""] * (len(question_codes) - len(metrics))]
    asked = [draw(question(code, metric)) for code, metric in zip(question_codes, kinds, strict=True)]
    package = EditionPackage(
        edition=draw(settings()),
        classes=tuple(rows.ClassRow(code, draw(LABELS), draw(LABELS_OR_NOT)) for code in class_codes),
        participants=draw(participants(class_codes)),
        shoppers=draw(shoppers()),
        relations=(),
        questions=tuple(asked),
        options=tuple(option for each in asked for option in draw(options(each))),
        wait_bands=draw(wait_bands()),
        roleplays=tuple(
            rows.RoleplayRow(
                code, draw(st.sampled_from(class_codes)), draw(LABELS), draw(LABELS), "", draw(LABELS_OR_NOT)
            )
            for code in draw(st.lists(CODES, max_size=2, unique=True))
        ),
    )
    pairs = [(shopper.code, other.code) for shopper in package.shoppers for other in package.participants]
    related = draw(st.sets(st.sampled_from(pairs), max_size=2))
    relations = tuple(
        rows.RelationRow(*pair, draw(st.sampled_from(["", *words.RELATION_KINDS]))) for pair in sorted(related)
    )
    package = dataclasses.replace(package, relations=relations)
    made = draw(contacts(package))
    answered = [contact for contact in made if contact.outcome == "answered"]
    return in_canonical_order(
        dataclasses.replace(
            package,
            contacts=made,
            attempts=tuple(
                rows.AttemptRow(
                    contact.code,
                    number,
                    draw(INSTANTS),
                    draw(st.none() | decimals()),
                    draw(st.sampled_from(words.ATTEMPT_RESULTS)),
                )
                for contact in made
                for number in (1, 2)
            ),
            answers=tuple(
                answer for contact in answered for answer in draw(answers(contact, asked, list(package.options)))
            ),
            comments=tuple(
                rows.CommentRow(contact.code, area, draw(NAMES))
                for contact in made
                for area in draw(subset(words.ANSWERED_AREAS))
            ),
        )
    )
