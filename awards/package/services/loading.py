"""From the tables to an edition package: the whole pipeline of one edition, as files have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awards.package.format import EditionPackage
from awards.package.format.order import in_canonical_order
from awards.package.format.rows import (
    AnswerRow,
    AttemptRow,
    ClassRow,
    CommentRow,
    ContactRow,
    EditionSettings,
    OptionRow,
    ParticipantRow,
    QuestionRow,
    RelationRow,
    RoleplayRow,
    ShopperRow,
    WaitBandRow,
)
from awards.package.format.tables import EDITION_KEYS
from shoppers.models import Assignment, Relation, Shopper
from surveys.models import (
    Answer,
    Attempt,
    Comment,
    Contact,
    ContactPoint,
    Edition,
    Option,
    Question,
    RolePlay,
    WaitBand,
)


def load_package(edition: Edition) -> EditionPackage:
    """The edition as typed rows in canonical order. Seventeen queries, whatever the size."""
    return in_canonical_order(
        EditionPackage(
            edition=_settings(edition),
            classes=tuple(ClassRow(row.code, row.name_nb, row.name_en) for row in edition.classes.all()),
            participants=_participants(edition),
            shoppers=_shoppers(edition),
            relations=_relations(edition),
            questions=_questions(edition),
            options=_options(edition),
            wait_bands=_wait_bands(edition),
            roleplays=_roleplays(edition),
            contacts=_contacts(edition),
            attempts=_attempts(edition),
            answers=_answers(edition),
            comments=_comments(edition),
        )
    )


def _settings(edition: Edition) -> EditionSettings:
    given = {column.name: getattr(edition, column.name) for column in EDITION_KEYS}
    return EditionSettings(**{**given, "closed_days": tuple(sorted(edition.closed_dates))})


def _participants(edition: Edition) -> tuple[ParticipantRow, ...]:
    addresses: dict[int, dict[str, str]] = {}
    points = ContactPoint.objects.filter(participant__edition=edition)
    for participant, kind, address in points.values_list("participant_id", "kind", "address"):
        addresses.setdefault(participant, {})[kind] = address
    return tuple(
        ParticipantRow(
            code=row.code,
            name=row.name,
            award_class=row.award_class.code,
            website=row.website,
            report_email=row.report_email,
            telephone=_address(addresses, row.pk, "telephone"),
            email=_address(addresses, row.pk, "email"),
            contact_form=_address(addresses, row.pk, "contact_form"),
            chat=_address(addresses, row.pk, "chat"),
            messenger=_address(addresses, row.pk, "messenger"),
            telephone_contacts=row.telephone_contacts,
            email_contacts=row.email_contacts,
            chat_contacts=row.chat_contacts,
            messenger_contacts=row.messenger_contacts,
        )
        for row in edition.participants.select_related("award_class")
    )


def _address(addresses: Mapping[int, Mapping[str, str]], participant: int, kind: str) -> str:
    return addresses.get(participant, {}).get(kind, "")


def _shoppers(edition: Edition) -> tuple[ShopperRow, ...]:
    return tuple(
        ShopperRow(
            code=row.code,
            name=row.name,
            email=row.email,
            birth_year=row.birth_year,
            gender=row.gender,
            county=row.county,
            channels=tuple(row.channels.split()),
            max_contacts=row.max_contacts,
            max_per_week=row.max_per_week,
            available_from=row.available_from,
            available_to=row.available_to,
        )
        for row in Shopper.objects.filter(edition=edition)
    )


def _relations(edition: Edition) -> tuple[RelationRow, ...]:
    rows = Relation.objects.filter(shopper__edition=edition)
    return tuple(RelationRow(*row) for row in rows.values_list("shopper__code", "participant__code", "kind"))


def _questions(edition: Edition) -> tuple[QuestionRow, ...]:
    return tuple(
        QuestionRow(
            code=row.code,
            area=row.area,
            order=row.order,
            text_nb=row.text_nb,
            text_en=row.text_en,
            kind=row.kind,
            channels=tuple(row.channels.split()),
            metric=row.metric,
            scale_min=row.scale_min,
            scale_max=row.scale_max,
            required=row.required,
        )
        for row in Question.objects.filter(edition=edition)
    )


def _options(edition: Edition) -> tuple[OptionRow, ...]:
    rows = Option.objects.filter(question__edition=edition).select_related("question")
    return tuple(
        OptionRow(
            question=row.question.code,
            code=row.code,
            order=row.order,
            text_nb=row.text_nb,
            text_en=row.text_en,
            points=row.points,
            not_applicable=row.not_applicable,
        )
        for row in rows
    )


def _wait_bands(edition: Edition) -> tuple[WaitBandRow, ...]:
    rows = WaitBand.objects.filter(edition=edition)
    return tuple(WaitBandRow(row.channel, row.unit, row.up_to, row.percent) for row in rows)


def _roleplays(edition: Edition) -> tuple[RoleplayRow, ...]:
    rows = RolePlay.objects.filter(edition=edition).select_related("award_class")
    return tuple(
        RoleplayRow(row.code, row.award_class.code, row.title_nb, row.text_nb, row.title_en, row.text_en)
        for row in rows
    )


def _contacts(edition: Edition) -> tuple[ContactRow, ...]:
    shoppers = dict(Assignment.objects.filter(contact__edition=edition).values_list("contact_id", "shopper__code"))
    return tuple(
        ContactRow(
            code=row.code,
            participant=row.participant.code,
            shopper=shoppers.get(row.pk, ""),
            channel=row.channel,
            week=row.week,
            planned_on=row.planned_on,
            window=row.window,
            outcome=row.outcome,
            contacted_at=row.contacted_at,
            answered_at=row.answered_at,
            wait=row.wait,
            review=row.review,
        )
        for row in Contact.objects.filter(edition=edition).select_related("participant")
    )


def _attempts(edition: Edition) -> tuple[AttemptRow, ...]:
    rows = Attempt.objects.filter(contact__edition=edition)
    columns = rows.values_list("contact__code", "number", "started_at", "wait_seconds", "result")
    return tuple(AttemptRow(*row) for row in columns)


def _answers(edition: Edition) -> tuple[AnswerRow, ...]:
    """Bare keys are read and the few codes joined here: several times quicker than joining every row."""
    contacts = dict(Contact.objects.filter(edition=edition).values_list("pk", "code"))
    questions = dict(Question.objects.filter(edition=edition).values_list("pk", "code"))
    options: dict[Any, str] = dict(Option.objects.filter(question__edition=edition).values_list("pk", "code"))
    rows = Answer.objects.filter(contact__edition=edition)
    return tuple(
        AnswerRow(contact=contacts[contact], question=questions[question], option=options.get(option, ""), value=value)
        for contact, question, option, value in rows.values_list("contact_id", "question_id", "option_id", "value")
    )


def _comments(edition: Edition) -> tuple[CommentRow, ...]:
    rows = Comment.objects.filter(contact__edition=edition).values_list("contact__code", "area", "text")
    return tuple(CommentRow(*row) for row in rows)
