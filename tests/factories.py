"""Rows for tests, made by plain functions. What matters to a test is named in the test; the rest is ordinary.

Small pieces (`make_edition`, `make_participant`, `make_contact`, …) build what a rule needs; `believable_edition`
builds a whole award with questionnaire, answers and comments, the same every time for the same seed.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import count

from kundeservice.core.models import Role, RoleGrant, User
from surveys.models import (
    AddressKind,
    Answer,
    Area,
    AwardClass,
    Channel,
    Comment,
    Contact,
    ContactPoint,
    Edition,
    Metric,
    Option,
    Outcome,
    Participant,
    ParticipantMember,
    Phase,
    Question,
    QuestionKind,
    ReviewState,
    WaitBand,
    WaitUnit,
    Window,
)

AT = dt.datetime(2022, 4, 28, 18, 0, tzinfo=dt.UTC)
"""An evening of announcement; the time of everything that needs one."""

_numbers = count(1)

ADDRESSES = {
    Channel.TELEPHONE: (AddressKind.TELEPHONE, "+47 22 00 00 00"),
    Channel.EMAIL: (AddressKind.EMAIL, "post@selskap.example"),
    Channel.CHAT: (AddressKind.CHAT, "https://selskap.example/chat"),
    Channel.MESSENGER: (AddressKind.MESSENGER, "https://m.example/selskap"),
}
BANDS: dict[str, tuple[str, tuple[tuple[int | None, int], ...]]] = {
    Channel.TELEPHONE: (WaitUnit.SECONDS, ((60, 100), (180, 60), (300, 20))),
    Channel.CHAT: (WaitUnit.SECONDS, ((60, 100), (180, 60), (300, 20))),
    Channel.MESSENGER: (WaitUnit.SECONDS, ((300, 100), (1800, 50), (None, 10))),
    Channel.EMAIL: (WaitUnit.WORKING_DAYS, ((1, 100), (2, 60), (3, 30))),
}
CHANNEL_SETS = (
    (Channel.TELEPHONE, Channel.EMAIL, Channel.CHAT),
    (Channel.TELEPHONE, Channel.EMAIL),
    (Channel.TELEPHONE, Channel.CHAT, Channel.MESSENGER),
)
WEEKS = ("2021-W48", "2021-W49", "2022-W02", "2022-W04", "2022-W06", "2022-W08", "2022-W10", "2022-W12")

# (code, area, text, options best first as (code, text, points); "-" = not applicable)
QUESTIONS: tuple[tuple[str, str, str, tuple[tuple[str, str, int | None], ...]], ...] = (
    (
        "reach",
        Area.WELCOME,
        "Var det lett å nå fram til rett person?",
        (("easy", "Ja, lett", 2), ("some", "Sånn passe", 1), ("hard", "Nei", 0)),
    ),
    (
        "met",
        Area.WELCOME,
        "Hvordan ble du møtt?",
        (("warm", "Personlig", 2), ("routine", "På rutine", 1), ("cold", "Mekanisk", 0)),
    ),
    ("welcome", Area.WELCOME, "Følte du deg velkommen?", (("yes", "Ja", 2), ("partly", "Delvis", 1), ("no", "Nei", 0))),
    (
        "needs",
        Area.AGENT,
        "Spurte kundebehandleren hva du trengte?",
        (("several", "Ja, med flere spørsmål", 3), ("one", "Ja, med ett spørsmål", 2), ("none", "Nei", 0)),
    ),
    (
        "engaged",
        Area.AGENT,
        "Var kundebehandleren engasjert?",
        (("very", "Svært", 3), ("some", "Noe", 1), ("no", "Nei", 0)),
    ),
    ("clear", Area.AGENT, "Var svarene lette å forstå?", (("yes", "Ja", 2), ("partly", "Delvis", 1), ("no", "Nei", 0))),
    (
        "advice",
        Area.AGENT,
        "Fikk du råd du ikke ba om, men hadde nytte av?",
        (("yes", "Ja", 3), ("some", "Ett", 2), ("no", "Nei", 0)),
    ),
    (
        "fits",
        Area.AGENT,
        "Ble det foreslått noe som passet bedre?",
        (("yes", "Ja", 2), ("no", "Nei", 0), ("na", "Ikke aktuelt", None)),
    ),
    (
        "closing",
        Area.AGENT,
        "Hvordan ble samtalen avsluttet?",
        (("good", "Med oppsummering", 2), ("plain", "Kort og høflig", 1), ("abrupt", "Brått", 0)),
    ),
    ("brisk", Area.OVERALL, "Var dialogen effektiv?", (("yes", "Ja", 2), ("partly", "Delvis", 1), ("no", "Nei", 0))),
    ("valued", Area.OVERALL, "Følte du deg verdsatt?", (("yes", "Ja", 3), ("partly", "Delvis", 1), ("no", "Nei", 0))),
    ("buy", Area.OVERALL, "Ville du ha handlet her?", (("yes", "Ja", 2), ("maybe", "Kanskje", 1), ("no", "Nei", 0))),
)
SCALES = (
    ("ces", Metric.CES, "Hvor lett var det å få hjelp?", 1, 7),
    ("csat", Metric.CSAT, "Hvor fornøyd er du?", 1, 5),
    ("nps", Metric.NPS, "Hvor sannsynlig er det at du anbefaler selskapet?", 0, 10),
)
COMMENTS = {
    Area.WELCOME: ("Hyggelig stemme, og jeg slapp å gjenta hva saken gjaldt.", "Fire menyvalg før jeg kom fram."),
    Area.AGENT: (
        "Spurte hva jeg skulle bruke det til, og foreslo en rimeligere løsning enn den jeg hadde sett meg ut.",
        "Svarte på det jeg spurte om, verken mer eller mindre.",
    ),
    Area.OVERALL: ("Her hadde jeg gjerne blitt kunde.", "Det virket som om de ville bli ferdige med meg."),
}
NAMES = (
    "Fjordkraft Nett", "Solbakken Bank", "Nordlys Forsikring", "Havblikk", "Tindeporten", "Lyngheim", "Storvik & Sønn",
    "Elvemo", "Bjørkely", "Kystruta", "Snøhetta Mobil", "Vardesenteret", "Ørneberg", "Myrvoll", "Ålgård Data",
    "Åsmund & Co",
)  # fmt: skip
CLASS_NAMES = (
    ("bank", "Bank", "Bank"),
    ("energi", "Energi", "Energy"),
    ("reise", "Reiseselskap", "Travel"),
    ("mobil", "Mobil", "Mobile"),
)


def make_person(*roles: Role, email: str = "") -> User:
    """A person without password who has held these roles since the day before `AT`."""
    user = User.objects.create_user(email or f"person{next(_numbers)}@example.test")
    for role in roles:
        RoleGrant.objects.create(user=user, role=role, granted_at=AT - dt.timedelta(days=1))
    return user


def make_edition(code: str = "ksp-2022", *, phase: Phase = Phase.REVIEW, year: int = 2022, **fields: object) -> Edition:
    """An edition with the ordinary weights whose field period ran through the winter before `year`."""
    values: dict[str, object] = {
        "award": "Kundeserviceprisen",
        "name_nb": f"Kundeserviceprisen {year}",
        "name_en": f"The Customer Service Award {year}",
        "starts_on": dt.date(year - 1, 11, 29),
        "ends_on": dt.date(year, 4, 1),
        **fields,
    }
    return Edition.objects.create(code=code, year=year, phase=phase, **values)


def make_class(edition: Edition, code: str = "bank", name: str = "Bank", name_en: str = "") -> AwardClass:
    return AwardClass.objects.create(edition=edition, code=code, name_nb=name, name_en=name_en)


def make_participant(
    award_class: AwardClass,
    name: str = "Solbakken Bank",
    *,
    code: str = "",
    channels: Iterable[str] = (Channel.TELEPHONE, Channel.EMAIL),
    member: User | None = None,
) -> Participant:
    """A participant that can be reached on `channels`; `member` may read its report."""
    participant = Participant.objects.create(
        edition=award_class.edition, award_class=award_class, code=code or f"p{next(_numbers)}", name=name
    )
    ContactPoint.objects.bulk_create(
        ContactPoint(
            participant=participant, kind=ADDRESSES[Channel(channel)][0], address=ADDRESSES[Channel(channel)][1]
        )
        for channel in channels
    )
    if member is not None:
        ParticipantMember.objects.create(participant=participant, user=member)
    return participant


def make_wait_bands(edition: Edition) -> None:
    """Bands for every channel, in its unit."""
    WaitBand.objects.bulk_create(
        WaitBand(
            edition=edition,
            channel=channel,
            unit=unit,
            up_to=None if limit is None else Decimal(limit),
            percent=Decimal(percent),
        )
        for channel, (unit, bands) in BANDS.items()
        for limit, percent in bands
    )


def make_questionnaire(edition: Edition) -> None:
    """Twelve scored questions and the three classic scales, asked on every channel, with wait bands."""
    make_wait_bands(edition)
    order = count(1)
    for code, area, text, options in QUESTIONS:
        question = Question.objects.create(
            edition=edition, code=code, area=area, order=next(order), text_nb=text, kind=QuestionKind.SINGLE
        )
        Option.objects.bulk_create(
            Option(
                question=question,
                code=option,
                order=place,
                text_nb=words,
                points=None if points is None else Decimal(points),
                not_applicable=points is None,
            )
            for place, (option, words, points) in enumerate(options, start=1)
        )
    for code, metric, text, least, most in SCALES:
        Question.objects.create(
            edition=edition, code=code, area=Area.CX, order=next(order), text_nb=text, kind=QuestionKind.SCALE,
            metric=metric, scale_min=least, scale_max=most,
        )  # fmt: skip


def make_contact(
    participant: Participant,
    channel: str = Channel.TELEPHONE,
    *,
    quality: int | None = 0,
    wait: int | None = None,
    code: str = "",
    week: str = "2022-W02",
    window: str = Window.MORNING,
    review: str = ReviewState.APPROVED,
    comments: Iterable[tuple[str, str]] = (),
) -> Contact:
    """A made contact. `quality` is which option was ticked everywhere, 0 the best; None = nobody answered."""
    answered = quality is not None
    contact = Contact.objects.create(
        edition=participant.edition,
        participant=participant,
        code=code or f"c{next(_numbers):05d}",
        channel=channel,
        week=week,
        window=window,
        outcome=Outcome.ANSWERED if answered else Outcome.NO_ANSWER,
        wait=Decimal(1 if wait is None else wait) if answered else None,
        review=review,
    )
    if quality is not None:
        Answer.objects.bulk_create(_answers(contact, [quality] * len(QUESTIONS), questionnaire_of(participant.edition)))
    Comment.objects.bulk_create(Comment(contact=contact, area=area, text=text) for area, text in comments)
    return contact


def questionnaire_of(edition: Edition) -> Sequence[tuple[Question, list[Option]]]:
    """Questions with their options, as `_answers` takes them."""
    questions = Question.objects.filter(edition=edition).prefetch_related("options").order_by("order")
    return [(question, list(question.options.all())) for question in questions]


def believable_edition(
    *,
    code: str = "ksp-2022",
    classes: int = 3,
    participants: int = 4,
    contacts: int = 25,
    phase: Phase = Phase.REVIEW,
    seed: int = 1,
    winner: str = "",
) -> Edition:
    """A whole award: `participants` in each of `classes`, each contacted `contacts` times, all approved.

    `winner` names the first participant of the first class, which then gets the best answer everywhere.
    """
    chance = random.Random(seed)
    year = int(code[-4:]) if code[-4:].isdigit() else 2022
    edition = make_edition(
        code, phase=phase, year=year, contacts_per_participant=contacts, min_counted=min(20, contacts)
    )
    make_questionnaire(edition)
    questionnaire = questionnaire_of(edition)
    numbers = count(1)
    for number in range(classes):
        given = CLASS_NAMES[number] if number < len(CLASS_NAMES) else (f"klasse{number}", f"Klasse {number}", "")
        award_class = make_class(edition, *given)
        for place in range(participants):
            first = bool(winner) and not number and not place
            name = winner if first else NAMES[(number * participants + place) % len(NAMES)]
            channels = chance.choice(CHANNEL_SETS)
            participant = make_participant(award_class, name, code=f"{award_class.code}-{place + 1}", channels=channels)
            skill = 0.97 if first else chance.uniform(0.45, 0.85)
            codes = [f"c{next(numbers):05d}" for _turn in range(contacts)]
            _make_contacts(participant, codes, skill=skill, questionnaire=questionnaire, chance=chance)
    return edition


def _make_contacts(
    participant: Participant,
    codes: Sequence[str],
    *,
    skill: float,
    questionnaire: Sequence[tuple[Question, list[Option]]],
    chance: random.Random,
) -> None:
    rows, answers, comments = [], [], []
    channels = sorted(point.channel for point in participant.contact_points.all())
    for turn, code in enumerate(codes):
        channel = channels[turn % len(channels)]
        answered = chance.random() < 0.5 + skill / 2
        bands = [limit for limit, _percent in BANDS[channel][1] if limit is not None]
        wait = bands[min(len(bands) - 1, int(abs(chance.gauss(0, 1.6 - skill)) * len(bands)))]
        rows.append(
            Contact(
                edition=participant.edition, participant=participant, code=code, channel=channel,
                week=WEEKS[turn % len(WEEKS)], window=Window.values[turn % 3],
                outcome=Outcome.ANSWERED if answered else Outcome.NO_ANSWER, wait=Decimal(wait) if answered else None,
                review=ReviewState.APPROVED,
            )
        )  # fmt: skip
    Contact.objects.bulk_create(rows)
    for row in rows:
        if row.outcome != Outcome.ANSWERED:
            continue
        qualities = [0 if chance.random() < skill else chance.choice((1, 1, 2)) for _question in QUESTIONS]
        answers += _answers(row, qualities, questionnaire)
        for area, texts in COMMENTS.items():
            if chance.random() < 0.4:
                comments.append(Comment(contact=row, area=area, text=texts[0 if chance.random() < skill else 1]))
    Answer.objects.bulk_create(answers)
    Comment.objects.bulk_create(comments)


def _answers(
    contact: Contact, qualities: Sequence[int], questionnaire: Sequence[tuple[Question, list[Option]]]
) -> list[Answer]:
    """One answer to every question: the option of that quality, scales in step with the answers before them."""
    answers = []
    level = 1 - Decimal(sum(min(quality, 2) for quality in qualities)) / (2 * len(qualities))
    singles = iter(qualities)
    for question, options in questionnaire:
        if question.kind == QuestionKind.SCALE:
            least, most = question.scale_min or 0, question.scale_max or 0
            answers.append(
                Answer(contact=contact, question=question, value=least + int((most - least) * level + Decimal("0.5")))
            )
            continue
        option = options[min(next(singles), len(options) - 1)]
        answers.append(Answer(contact=contact, question=question, option=option))
    return answers


def lose_an_answer(edition: Edition) -> None:
    """Change what an edition's numbers are made of: one of its contacts got no answer after all."""
    contact = Contact.objects.filter(edition=edition, outcome=Outcome.ANSWERED)[0]
    contact.answers.all().delete()
    Contact.objects.filter(pk=contact.pk).update(outcome=Outcome.NO_ANSWER, wait=None)
