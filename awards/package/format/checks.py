"""What the edition package promises to check on import beyond types and references, a function per promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from awards.package.format.answer_checks import check_answers
from awards.package.format.cells import plain
from awards.package.format.parsed import ParsedPackage
from awards.package.format.people_checks import check_people
from awards.package.format.problems import Message, ProblemCollector, sentence
from awards.package.format.rows import ContactRow, EditionSettings, ParticipantRow, QuestionRow, ShopperRow, WaitBandRow
from awards.package.format.tables import EDITION, MAX_QUESTIONS_PER_CHANNEL, WEIGHT_KEYS, WEIGHT_SUM
from surveys.engine.words import CHANNELS, CHAT, MESSENGER


def check_package(parsed: ParsedPackage, problems: ProblemCollector) -> None:
    """Report everything in the readable rows that does not hold together.

    Planning rules (days, weeks, loads) are not checked: history may have broken them.
    """
    check_edition(parsed, problems)
    check_availability(parsed, problems)
    check_people(parsed, problems)
    check_questions(parsed, problems)
    check_metrics(parsed, problems)
    check_questions_per_channel(parsed, problems)
    check_options(parsed, problems)
    bands = gather_bands(parsed, problems)
    check_channels_have_bands(parsed, bands, problems)
    check_contacts(parsed, problems)
    check_meetings(parsed, problems)
    check_waits(parsed, bands, problems)
    check_answers(parsed, problems)


def check_edition(parsed: ParsedPackage, problems: ProblemCollector) -> None:
    """The weights sum to 100; the period is not reversed; neither is the working day."""
    values, rows = parsed.edition.values, parsed.edition.rows
    weights = [values[key] for key in WEIGHT_KEYS if key in values]
    if len(weights) == len(WEIGHT_KEYS) and sum(weights) != WEIGHT_SUM:
        total = plain(sum(weights, Decimal(0)))
        message = sentence(
            _("Vektene er til sammen %(total)s, men må være %(sum)s. Rett %(keys)s."),
            total=total,
            sum=WEIGHT_SUM,
            keys=", ".join(WEIGHT_KEYS),
        )
        problems.add(EDITION.name, row=rows.get(WEIGHT_KEYS[-1]), column=WEIGHT_KEYS[-1], value=total, message=message)
    if "starts_on" in values and "ends_on" in values and values["ends_on"] < values["starts_on"]:
        message = sentence(
            _("Perioden slutter før den begynner (%(start)s). Rett en av datoene."), start=values["starts_on"]
        )
        problems.add(EDITION.name, row=rows.get("ends_on"), column="ends_on", value=values["ends_on"], message=message)
    if "opens_at" in values and "closes_at" in values and values["closes_at"] <= values["opens_at"]:
        opens = f"{values['opens_at']:%H:%M}"
        message = sentence(_("Dagen slutter før den begynner (%(start)s). Rett ett av klokkeslettene."), start=opens)
        closes = f"{values['closes_at']:%H:%M}"
        problems.add(EDITION.name, row=rows.get("closes_at"), column="closes_at", value=closes, message=message)


def check_availability(parsed: ParsedPackage, problems: ProblemCollector) -> None:
    """A shopper's own period is not reversed."""
    shopper: ShopperRow
    for number, shopper in parsed.tables["shoppers"].numbered():
        first, last = shopper.available_from, shopper.available_to
        if first and last and last < first:
            message = sentence(_("Perioden slutter før den begynner (%(start)s). Rett en av datoene."), start=first)
            problems.add("shoppers", row=number, column="available_to", value=last, message=message)


def check_questions(parsed: ParsedPackage, problems: ProblemCollector) -> None:
    """A scale has its two ends, and only a scale; a metric is a scale's in the area cx; other kinds have options."""
    options = parsed.tables["options"]
    with_options = {option.question for option in options.rows} | {key[0] for key in options.faulty_keys}
    question: QuestionRow
    for number, question in parsed.tables["questions"].numbered():
        _check_scale(number, question, problems)
        if question.metric and (question.area != "cx" or question.kind != "scale"):
            message = _(
                "Bare et spørsmål av typen scale i området cx kan ha et mål. Fjern det, eller rett området og typen."
            )
            problems.add("questions", row=number, column="metric", value=question.metric, message=message)
        if question.kind != "scale" and question.code not in with_options and options.is_complete:
            message = _("Spørsmålet har ingen svaralternativer. Legg dem til i «options».")
            problems.add("questions", row=number, column="question", value=question.code, message=message)


def _check_scale(number: int, question: QuestionRow, problems: ProblemCollector) -> None:
    low, high = question.scale_min, question.scale_max
    message: Message
    if question.kind != "scale":
        for column, end in (("scale_min", low), ("scale_max", high)):
            if end is not None:
                message = _("Bare et spørsmål av typen scale har en skala. Tøm cellen, eller rett typen.")
                problems.add("questions", row=number, column=column, value=end, message=message)
        return
    for column, end in (("scale_min", low), ("scale_max", high)):
        if end is None:
            message = _("Et spørsmål av typen scale må ha begge endene av skalaen. Fyll ut cellen.")
            problems.add("questions", row=number, column=column, message=message)
    if low is not None and high is not None and high <= low:
        message = sentence(_("Skalaen må slutte høyere enn den begynner (%(low)s)."), low=low)
        problems.add("questions", row=number, column="scale_max", value=high, message=message)


def check_metrics(parsed: ParsedPackage, problems: ProblemCollector) -> None:
    """A metric belongs to one question."""
    owners: dict[str, str] = {}
    question: QuestionRow
    for number, question in parsed.tables["questions"].numbered():
        if not question.metric:
            continue
        owner = owners.setdefault(question.metric, question.code)
        if owner != question.code:
            message = sentence(
                _("Målet hører allerede til spørsmålet «%(owner)s». Et mål kan bare høre til ett."), owner=owner
            )
            problems.add("questions", row=number, column="metric", value=question.metric, message=message)


def check_questions_per_channel(parsed: ParsedPackage, problems: ProblemCollector) -> None:
    """At most 40 questions fit any one channel."""
    counts: Counter[str] = Counter()
    for question in parsed.tables["questions"].rows:
        counts.update(question.channels or CHANNELS)
    for channel in CHANNELS:
        if counts[channel] > MAX_QUESTIONS_PER_CHANNEL:
            message = sentence(
                _("%(count)s spørsmål gjelder kontaktmåten; det kan være høyst %(most)s. Fjern eller avgrens noen."),
                count=counts[channel],
                most=MAX_QUESTIONS_PER_CHANNEL,
            )
            problems.add("questions", column="channels", value=channel, message=message)


def check_options(parsed: ParsedPackage, problems: ProblemCollector) -> None:
    """A scale is answered with a value, so it has no options."""
    scales = {question.code for question in parsed.tables["questions"].rows if question.kind == "scale"}
    for number, option in parsed.tables["options"].numbered():
        if option.question in scales:
            message = _(
                "Spørsmålet er en skala og har ingen svaralternativer. Fjern raden, eller rett typen i «questions»."
            )
            problems.add("options", row=number, column="question", value=option.question, message=message)


@dataclass(slots=True)
class Bands:
    """How waits are judged on one channel. `longest` is in `unit`; `is_open_ended`: any wait is inside them."""

    unit: str
    longest: Decimal | None = None
    is_open_ended: bool = False

    def cover(self, wait: Decimal) -> bool:
        return self.is_open_ended or (self.longest is not None and wait <= self.longest)


def gather_bands(parsed: ParsedPackage, problems: ProblemCollector) -> Mapping[str, Bands]:
    """Channel → its bands. A channel has one unit. Where a row could not be read, any wait may be inside the bands."""
    bands: dict[str, Bands] = {}
    band: WaitBandRow
    for number, band in parsed.tables["wait_bands"].numbered():
        found = bands.setdefault(band.channel, Bands(band.unit))
        if band.unit != found.unit:
            message = sentence(
                _("Kontaktmåten måles allerede i %(unit)s. Bruk den samme enheten i alle rader."), unit=found.unit
            )
            problems.add("wait_bands", row=number, column="unit", value=band.unit, message=message)
            found.is_open_ended = True
        elif band.up_to is None:
            found.is_open_ended = True
        else:
            found.longest = max(found.longest or Decimal(0), band.up_to)
    table = parsed.tables["wait_bands"]
    faulty = {key[0] for key in table.faulty_keys}
    for channel in CHANNELS:
        if channel in faulty or None in faulty or not table.is_complete:
            bands.setdefault(channel, Bands("")).is_open_ended = True
    return bands


def check_channels_have_bands(parsed: ParsedPackage, bands: Mapping[str, Bands], problems: ProblemCollector) -> None:
    """Every channel in use has bands: those of the contacts, and those a plan would choose."""
    used = {contact.channel for contact in parsed.tables["contacts"].rows}
    if parsed.edition.settings:
        for participant in parsed.tables["participants"].rows:
            used.update(chosen_channels(participant, parsed.edition.settings))
    for channel in CHANNELS:
        if channel in used and channel not in bands:
            message = _("Kontaktmåten er i bruk, men har ingen ventetidsgrenser. Legg dem til.")
            problems.add("wait_bands", column="channel", value=channel, message=message)


def chosen_channels(participant: ParticipantRow, settings: EditionSettings) -> tuple[str, ...]:
    """The channels a plan gives the participant contacts on: the leader's own choice, else the edition's key."""
    if participant.contact_overrides:
        given = participant.contact_overrides
        return tuple(channel for channel in participant.open_channels if given.get(channel))
    open_channels = participant.open_channels
    usable = [channel for channel in open_channels if channel != MESSENGER or CHAT not in open_channels]
    return tuple(channel for channel in usable[: settings.max_channels] if settings.distribution_key[channel])


def check_contacts(parsed: ParsedPackage, problems: ProblemCollector) -> None:
    """A contact's channel is open at its participant and usable by its shopper, and the two are not in relations.

    A void contact may be between two that are: it may have been annulled because that came to light.
    """
    tables = parsed.tables
    participants: dict[str, ParticipantRow] = {row.code: row for row in tables["participants"].rows}
    shoppers: dict[str, ShopperRow] = {row.code: row for row in tables["shoppers"].rows}
    apart = {(relation.shopper, relation.participant): number for number, relation in tables["relations"].numbered()}
    contact: ContactRow
    for number, contact in tables["contacts"].numbered():
        participant = participants.get(contact.participant)
        if participant and contact.channel not in participant.open_channels:
            message = sentence(
                _("Kontaktmåten er ikke åpen hos «%(code)s». Rett den her eller i «participants»."),
                code=participant.code,
            )
            problems.add("contacts", row=number, column="channel", value=contact.channel, message=message)
        shopper = shoppers.get(contact.shopper)
        if shopper and contact.channel not in shopper.channels:
            message = sentence(
                _("«%(code)s» kan ikke bruke kontaktmåten. Rett den her eller i «shoppers»."), code=shopper.code
            )
            problems.add("contacts", row=number, column="channel", value=contact.channel, message=message)
        relation_row = apart.get((contact.shopper, contact.participant))
        if relation_row is not None and contact.outcome != "void":
            message = sentence(
                _("«%(shopper)s» og «%(participant)s» skal aldri møtes («relations», rad %(row)s). Bytt shopper."),
                shopper=contact.shopper,
                participant=contact.participant,
                row=relation_row,
            )
            problems.add("contacts", row=number, column="shopper", value=contact.shopper, message=message)


def check_meetings(parsed: ParsedPackage, problems: ProblemCollector) -> None:
    """Apart from void contacts a shopper meets a participant once."""
    met: dict[tuple[str, str], int] = {}
    contact: ContactRow
    for number, contact in parsed.tables["contacts"].numbered():
        if contact.outcome == "void":
            continue
        first = met.setdefault((contact.shopper, contact.participant), number)
        if first != number:
            message = sentence(
                _("«%(shopper)s» møter «%(participant)s» også i rad %(row)s. Bytt shopper i den ene."),
                shopper=contact.shopper,
                participant=contact.participant,
                row=first,
            )
            problems.add("contacts", row=number, column="shopper", value=contact.shopper, message=message)


def check_waits(parsed: ParsedPackage, bands: Mapping[str, Bands], problems: ProblemCollector) -> None:
    """An answered contact has a wait inside its channel's bands; a contact not made yet has none."""
    contact: ContactRow
    message: Message
    for number, contact in parsed.tables["contacts"].numbered():
        if contact.outcome == "" and contact.wait is not None:
            message = _("Henvendelsen har ventetid, men intet utfall. Fyll ut outcome, eller tøm ventetiden.")
            problems.add("contacts", row=number, column="wait", value=plain(contact.wait), message=message)
        if contact.outcome != "answered":
            continue
        if contact.wait is None:
            message = _("En besvart henvendelse må ha ventetid. Fyll den ut.")
            problems.add("contacts", row=number, column="wait", message=message)
            continue
        found = bands.get(contact.channel)
        if found and not found.cover(contact.wait):
            message = sentence(
                _(
                    "Ventetiden er lengre enn den høyeste grensen i «wait_bands» (%(most)s %(unit)s). "
                    "Rett ventetiden eller utfallet."
                ),
                most=plain(found.longest or Decimal(0)),
                unit=found.unit,
            )
            problems.add("contacts", row=number, column="wait", value=plain(contact.wait), message=message)
