"""From an edition package to the tables: all of it, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar, cast

from django.db import models, transaction
from django.utils.translation import gettext as _

from awards.models import Publication
from awards.package import EditionPackage
from awards.package.rows import ContactRow, ParticipantRow
from kundeservice.core.models import Role, User
from kundeservice.core.services.audit import record_event
from kundeservice.core.services.people import ensure_person
from shoppers.models import Assignment, Plan, Relation, Shopper
from surveys.models import (
    AddressKind,
    Answer,
    Attempt,
    AwardClass,
    Comment,
    Contact,
    ContactPoint,
    Edition,
    Option,
    Participant,
    ParticipantMember,
    Phase,
    Question,
    RolePlay,
    WaitBand,
)

ROWS_PER_STATEMENT = 5_000
"""So many rows go to the database at once: few round trips, and memory stays bounded."""


class ImportRefused(Exception):
    """The package is sound, but this edition cannot take it; the text says why."""


@dataclass(frozen=True)
class _Keys:
    """Identifiers of the package → keys in the database."""

    classes: Mapping[str, int]
    participants: Mapping[str, int]
    shoppers: Mapping[str, int]
    questions: Mapping[str, int]
    options: Mapping[tuple[str, str], int]


@transaction.atomic
def import_package(
    *, package: EditionPackage, at: dt.datetime, replace: bool = False, by: User | None = None
) -> Edition:
    """Store a checked package as an edition, with accounts for its shoppers and the participants' report addresses.

    `replace` puts it in the place of an edition of the same code; whatever that edition held is gone.

    Raises: ImportRefused when the code is taken and `replace` is not given, or the edition was ever locked or
    published, or its seal asked for: locks and openings of seals stay for ever.
    """
    code = package.edition.code
    existing = Edition.objects.select_for_update().filter(code=code).first()
    if existing is not None:
        _check_replaceable(existing, replace=replace)
        _remove(existing)
    edition = _store_edition(package)
    keys = _store_frame(edition, package, by=by)
    _store_fieldwork(edition, package, keys)
    record_event(at=at, actor=by, action="edition.imported", subject=code, detail={"replaced": existing is not None})
    return edition


def _check_replaceable(edition: Edition, *, replace: bool) -> None:
    if not replace:
        raise ImportRefused(
            _("Årgangen «%(code)s» finnes fra før. Velg å erstatte den, eller gi pakken en annen kode.")
            % {"code": edition.code}
        )
    if edition.is_sealed or Publication.objects.filter(edition=edition, published_at__isnull=False).exists():
        raise ImportRefused(
            _("Årgangen «%(code)s» er låst eller publisert og kan ikke erstattes.") % {"code": edition.code}
        )
    if edition.locks.exists():
        raise ImportRefused(
            _(
                "Årgangen «%(code)s» har vært låst og kan ikke erstattes, for låsen skal kunne etterprøves. "
                "Rett den i gjennomgangen, eller gi pakken en annen kode."
            )
            % {"code": edition.code}
        )
    if edition.seal_openings.exists():
        raise ImportRefused(
            _(
                "Noen har bedt om innsyn i årgangen «%(code)s», og det skal bli stående. "
                "Rett den i gjennomgangen, eller gi pakken en annen kode."
            )
            % {"code": edition.code}
        )


def _remove(edition: Edition) -> None:
    """Take an edition away, its evidence first: answers protect the questions they belong to."""
    Publication.objects.filter(edition=edition).delete()
    edition.score_runs.all().delete()
    for rows in (
        Answer.objects.filter(contact__edition=edition),
        Assignment.objects.filter(contact__edition=edition),
        Contact.objects.filter(edition=edition),
        Plan.objects.filter(edition=edition),
        Shopper.objects.filter(edition=edition),
        Participant.objects.filter(edition=edition),
    ):
        rows.delete()
    edition.delete()


def _store_edition(package: EditionPackage) -> Edition:
    given = package.edition
    return Edition.objects.create(
        code=given.code,
        award=given.award,
        year=given.year,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        contacts_per_participant=given.contacts_per_participant,
        max_channels=given.max_channels,
        weight_wait=given.weight_wait,
        weight_welcome=given.weight_welcome,
        weight_agent=given.weight_agent,
        weight_overall=given.weight_overall,
        key_telephone=given.key_telephone,
        key_email=given.key_email,
        key_chat=given.key_chat,
        key_messenger=given.key_messenger,
        min_counted=given.min_counted,
        min_channel_contacts=given.min_channel_contacts,
        timezone=given.timezone,
        opens_at=given.opens_at,
        closes_at=given.closes_at,
        closed_days=[day.isoformat() for day in given.closed_days],
        name_nb=given.name_nb,
        name_en=given.name_en,
        phase=phase_of(package.contacts),
    )


def phase_of(contacts: Sequence[ContactRow]) -> Phase:
    """How far an edition with these contacts has come: no package says so itself."""
    if not contacts:
        return Phase.DRAFT
    made = sum(bool(contact.outcome) for contact in contacts)
    if not made:
        return Phase.PLANNED
    return Phase.REVIEW if made == len(contacts) else Phase.FIELD


def _store_frame(edition: Edition, package: EditionPackage, *, by: User | None) -> _Keys:
    """Everything that stands before the field period: whom to ask, who asks, and what."""
    classes = _keys(
        AwardClass,
        (AwardClass(edition=edition, code=r.code, name_nb=r.name_nb, name_en=r.name_en) for r in package.classes),
    )
    participants = _store_participants(edition, package.participants, classes, by=by)
    shoppers = _store_shoppers(edition, package, by=by)
    _create(
        Relation,
        (
            Relation(shopper_id=shoppers[r.shopper], participant_id=participants[r.participant], kind=r.kind)
            for r in package.relations
        ),
    )
    questions = _store_questions(edition, package)
    options = _store_options(package, questions)
    _create(
        WaitBand,
        (
            WaitBand(edition=edition, channel=r.channel, unit=r.unit, up_to=r.up_to, percent=r.percent)
            for r in package.wait_bands
        ),
    )
    _create(
        RolePlay,
        (
            RolePlay(
                edition=edition,
                award_class_id=classes[r.award_class],
                code=r.code,
                title_nb=r.title_nb,
                text_nb=r.text_nb,
                title_en=r.title_en,
                text_en=r.text_en,
            )
            for r in package.roleplays
        ),
    )
    return _Keys(classes, participants, shoppers, questions, options)


def _store_participants(
    edition: Edition, rows: Sequence[ParticipantRow], classes: Mapping[str, int], *, by: User | None
) -> Mapping[str, int]:
    keys = _keys(
        Participant,
        (
            Participant(
                edition=edition,
                code=row.code,
                name=row.name,
                award_class_id=classes[row.award_class],
                website=row.website,
                report_email=row.report_email,
                telephone_contacts=row.telephone_contacts,
                email_contacts=row.email_contacts,
                chat_contacts=row.chat_contacts,
                messenger_contacts=row.messenger_contacts,
            )
            for row in rows
        ),
    )
    _create(ContactPoint, (point for row in rows for point in _contact_points(row, keys[row.code])))
    members = (
        ParticipantMember(
            participant_id=keys[row.code],
            user=ensure_person(email=row.report_email, display_name=row.name, roles=(Role.PARTICIPANT,), by=by),
        )
        for row in rows
        if row.report_email
    )
    _create(ParticipantMember, members)
    return keys


def _contact_points(row: ParticipantRow, participant: int) -> Iterable[ContactPoint]:
    for kind in AddressKind.values:
        address = getattr(row, kind)
        if address:
            yield ContactPoint(participant_id=participant, kind=kind, address=address)


def _store_shoppers(edition: Edition, package: EditionPackage, *, by: User | None) -> Mapping[str, int]:
    return _keys(
        Shopper,
        (
            Shopper(
                edition=edition,
                user=ensure_person(email=row.email, display_name=row.name, roles=(Role.SHOPPER,), by=by),
                code=row.code,
                name=row.name,
                email=row.email,
                birth_year=row.birth_year,
                gender=row.gender,
                county=row.county,
                channels=" ".join(row.channels),
                max_contacts=row.max_contacts,
                max_per_week=row.max_per_week,
                available_from=row.available_from,
                available_to=row.available_to,
            )
            for row in package.shoppers
        ),
    )


def _store_questions(edition: Edition, package: EditionPackage) -> Mapping[str, int]:
    return _keys(
        Question,
        (
            Question(
                edition=edition,
                code=row.code,
                area=row.area,
                order=row.order,
                text_nb=row.text_nb,
                text_en=row.text_en,
                kind=row.kind,
                channels=" ".join(row.channels),
                metric=row.metric,
                scale_min=row.scale_min,
                scale_max=row.scale_max,
                required=row.required,
            )
            for row in package.questions
        ),
    )


def _store_options(package: EditionPackage, questions: Mapping[str, int]) -> Mapping[tuple[str, str], int]:
    stored = _create(
        Option,
        (
            Option(
                question_id=questions[row.question],
                code=row.code,
                order=row.order,
                text_nb=row.text_nb,
                text_en=row.text_en,
                points=row.points,
                not_applicable=row.not_applicable,
            )
            for row in package.options
        ),
    )
    codes = {key: code for code, key in questions.items()}
    return {(codes[option.question_id], option.code): option.pk for option in stored}


def _store_fieldwork(edition: Edition, package: EditionPackage, keys: _Keys) -> None:
    """Everything that came in: contacts with their shoppers, attempts, answers, comments."""
    contacts = _store_contacts(edition, package, keys)
    _create(
        Assignment,
        (Assignment(contact_id=contacts[row.code], shopper_id=keys.shoppers[row.shopper]) for row in package.contacts),
    )
    _create(
        Attempt,
        (
            Attempt(
                contact_id=contacts[row.contact],
                number=row.number,
                started_at=row.started_at,
                wait_seconds=row.wait_seconds,
                result=row.result,
            )
            for row in package.attempts
        ),
    )
    _create(
        Answer,
        (
            Answer(
                contact_id=contacts[row.contact],
                question_id=keys.questions[row.question],
                option_id=keys.options[row.question, row.option] if row.option else None,
                value=row.value,
            )
            for row in package.answers
        ),
    )
    _create(
        Comment, (Comment(contact_id=contacts[row.contact], area=row.area, text=row.text) for row in package.comments)
    )


def _store_contacts(edition: Edition, package: EditionPackage, keys: _Keys) -> Mapping[str, int]:
    return _keys(
        Contact,
        (
            Contact(
                edition=edition,
                participant_id=keys.participants[row.participant],
                code=row.code,
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
            for row in package.contacts
        ),
    )


Row = TypeVar("Row", bound=models.Model)


class _Coded(Protocol):
    code: str
    pk: int


def _create(model: type[Row], rows: Iterable[Row]) -> list[Row]:
    return model.objects.bulk_create(rows, batch_size=ROWS_PER_STATEMENT)  # type: ignore[attr-defined]


def _keys(model: type[models.Model], rows: Iterable[models.Model]) -> Mapping[str, int]:
    """Store rows that carry a code, and say under which key each stands."""
    stored = cast(list[_Coded], _create(model, rows))
    return {row.code: row.pk for row in stored}
