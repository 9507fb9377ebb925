"""Letting an edition's rows say what a package says: new ones are added, others changed in place, the rest removed.

Rows that are the same are not touched, so that what hangs on them – drafts, reviews, history – stays.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models

from awards.models import Publication
from awards.package.format import EditionPackage
from awards.package.format.differences import contact_sums
from awards.package.format.rows import ParticipantRow, ShopperRow
from awards.package.format.tables import EDITION_KEYS
from kundeservice.core.models import Role, User
from kundeservice.core.services.people import ensure_person
from shoppers.models import Assignment, Relation, Shopper
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
"""So many new rows go to the database at once: few round trips, and memory stays bounded."""
CHANGES_PER_STATEMENT = 200
"""So many rows are changed at once: each is a clause of its own."""

Row = TypeVar("Row", bound=models.Model)
Facts = Mapping[str, Any]


def sync_edition(
    edition: Edition | None,
    package: EditionPackage,
    *,
    phase: Phase,
    now: EditionPackage | None = None,
    by: User | None = None,
) -> Edition:
    """Make the edition say what the package says; a new one where there is none. `now` is what it says already.

    Must be called inside a transaction, with the edition's row held.
    """
    return _Sync(_sync_settings(edition, package, phase), package, now, by).run()


def _sync_settings(edition: Edition | None, package: EditionPackage, phase: Phase) -> Edition:
    facts = {column.name: getattr(package.edition, column.name) for column in EDITION_KEYS}
    facts |= {"closed_days": [day.isoformat() for day in package.edition.closed_days], "phase": phase}
    if edition is None:
        return Edition.objects.create(**facts)
    changed = [name for name, value in facts.items() if getattr(edition, name) != value]
    for name in changed:
        setattr(edition, name, facts[name])
    if changed:
        edition.save(update_fields=changed)
    return edition


@dataclass(frozen=True)
class _Synced:
    """Key of each row → its primary key, and the rows the package does not know."""

    keys: Mapping[Any, int]
    gone: tuple[int, ...]


class _Sync:
    """One edition and one package. Frames first, then what was made, then what is gone, the last first."""

    def __init__(self, edition: Edition, package: EditionPackage, now: EditionPackage | None, by: User | None) -> None:
        self.edition = edition
        self.package = package
        self.before = contact_sums(now) if now else {}
        self.after = contact_sums(package)
        self.by = by

    def run(self) -> Edition:
        classes = self._classes()
        participants = self._participants(classes.keys)
        shoppers = self._shoppers()
        relations = self._relations(participants.keys, shoppers.keys)
        questions = self._questions()
        options = self._options(questions.keys)
        self._wait_bands()
        roleplays = self._roleplays(classes.keys)
        contacts = self._contacts(participants.keys, shoppers.keys)
        self._fieldwork(contacts.keys, questions.keys, options.keys)
        self._remove(contacts, participants, classes)
        for model, synced in (
            (RolePlay, roleplays),
            (Option, options),
            (Question, questions),
            (Relation, relations),
            (Shopper, shoppers),
            (Participant, participants),
            (AwardClass, classes),
        ):
            model.objects.filter(pk__in=synced.gone).delete()
        return self.edition

    def _classes(self) -> _Synced:
        wanted = {row.code: {"name_nb": row.name_nb, "name_en": row.name_en} for row in self.package.classes}
        return _sync(AwardClass, _by_code(AwardClass.objects.filter(edition=self.edition)), self._coded(wanted))

    def _participants(self, classes: Mapping[str, int]) -> _Synced:
        before = _by_code(Participant.objects.filter(edition=self.edition))
        addresses = {code: participant.report_email for code, participant in before.items()}
        wanted = {
            row.code: {
                "name": row.name,
                "award_class_id": classes[row.award_class],
                "website": row.website,
                "report_email": row.report_email,
                "telephone_contacts": row.telephone_contacts,
                "email_contacts": row.email_contacts,
                "chat_contacts": row.chat_contacts,
                "messenger_contacts": row.messenger_contacts,
            }
            for row in self.package.participants
        }
        synced = _sync(Participant, before, self._coded(wanted))
        self._contact_points(synced.keys)
        for row in self.package.participants:
            if row.report_email != addresses.get(row.code, ""):
                self._contact_person(row, synced.keys[row.code], former=addresses.get(row.code, ""))
        return synced

    def _contact_points(self, participants: Mapping[str, int]) -> None:
        rows = ContactPoint.objects.filter(participant__edition=self.edition)
        wanted = {
            (participants[row.code], kind): {
                "participant_id": participants[row.code],
                "kind": kind,
                "address": getattr(row, kind),
            }
            for row in self.package.participants
            for kind in AddressKind.values
            if getattr(row, kind)
        }
        synced = _sync(ContactPoint, {(row.participant_id, row.kind): row for row in rows}, wanted)
        ContactPoint.objects.filter(pk__in=synced.gone).delete()

    def _contact_person(self, row: ParticipantRow, participant: int, *, former: str) -> None:
        """The report's address is another: its person comes in and the former one goes; colleagues stay."""
        ParticipantMember.objects.filter(participant=participant, user__email=former.lower()).delete()
        if row.report_email:
            user = ensure_person(email=row.report_email, display_name=row.name, roles=(Role.PARTICIPANT,), by=self.by)
            ParticipantMember.objects.get_or_create(participant_id=participant, user=user)

    def _shoppers(self) -> _Synced:
        before = _by_code(Shopper.objects.filter(edition=self.edition))
        wanted = {row.code: self._shopper_facts(row, before.get(row.code)) for row in self.package.shoppers}
        return _sync(Shopper, before, self._coded(wanted))

    def _shopper_facts(self, row: ShopperRow, before: Shopper | None) -> Facts:
        if before is not None and before.email == row.email:
            account = before.user_id
        else:
            account = ensure_person(email=row.email, display_name=row.name, roles=(Role.SHOPPER,), by=self.by).pk
        return {
            "user_id": account,
            "name": row.name,
            "email": row.email,
            "birth_year": row.birth_year,
            "gender": row.gender,
            "county": row.county,
            "channels": " ".join(row.channels),
            "max_contacts": row.max_contacts,
            "max_per_week": row.max_per_week,
            "available_from": row.available_from,
            "available_to": row.available_to,
        }

    def _relations(self, participants: Mapping[str, int], shoppers: Mapping[str, int]) -> _Synced:
        rows = Relation.objects.filter(shopper__edition=self.edition)
        wanted = {
            (shoppers[row.shopper], participants[row.participant]): {
                "shopper_id": shoppers[row.shopper],
                "participant_id": participants[row.participant],
                "kind": row.kind,
            }
            for row in self.package.relations
        }
        return _sync(Relation, {(row.shopper_id, row.participant_id): row for row in rows}, wanted)

    def _questions(self) -> _Synced:
        wanted = {
            row.code: {
                "area": row.area,
                "order": row.order,
                "text_nb": row.text_nb,
                "text_en": row.text_en,
                "kind": row.kind,
                "channels": " ".join(row.channels),
                "metric": row.metric,
                "scale_min": row.scale_min,
                "scale_max": row.scale_max,
                "required": row.required,
            }
            for row in self.package.questions
        }
        before = _by_code(Question.objects.filter(edition=self.edition))
        moved = [row.pk for code, row in before.items() if row.metric != wanted.get(code, {}).get("metric", "")]
        # A metric belongs to one question: it must be free before another takes it over.
        Question.objects.filter(pk__in=moved).update(metric="")
        for row in before.values():
            row.metric = "" if row.pk in moved else row.metric
        return _sync(Question, before, self._coded(wanted))

    def _options(self, questions: Mapping[str, int]) -> _Synced:
        rows = Option.objects.filter(question__edition=self.edition)
        codes = {key: code for code, key in questions.items()}
        wanted = {
            (row.question, row.code): {
                "question_id": questions[row.question],
                "code": row.code,
                "order": row.order,
                "text_nb": row.text_nb,
                "text_en": row.text_en,
                "points": row.points,
                "not_applicable": row.not_applicable,
            }
            for row in self.package.options
        }
        # The options of a question that is gone have no name here and go with it.
        return _sync(Option, {(codes.get(row.question_id, row.question_id), row.code): row for row in rows}, wanted)

    def _wait_bands(self) -> None:
        rows = WaitBand.objects.filter(edition=self.edition)
        wanted = {
            (row.channel, row.up_to): {
                "edition_id": self.edition.pk,
                "channel": row.channel,
                "unit": row.unit,
                "up_to": row.up_to,
                "percent": row.percent,
            }
            for row in self.package.wait_bands
        }
        synced = _sync(WaitBand, {(row.channel, row.up_to): row for row in rows}, wanted)
        WaitBand.objects.filter(pk__in=synced.gone).delete()

    def _roleplays(self, classes: Mapping[str, int]) -> _Synced:
        wanted = {
            row.code: {
                "award_class_id": classes[row.award_class],
                "title_nb": row.title_nb,
                "text_nb": row.text_nb,
                "title_en": row.title_en,
                "text_en": row.text_en,
            }
            for row in self.package.roleplays
        }
        return _sync(RolePlay, _by_code(RolePlay.objects.filter(edition=self.edition)), self._coded(wanted))

    def _contacts(self, participants: Mapping[str, int], shoppers: Mapping[str, int]) -> _Synced:
        wanted = {
            row.code: {
                "participant_id": participants[row.participant],
                "channel": row.channel,
                "week": row.week,
                "planned_on": row.planned_on,
                "window": row.window,
                "outcome": row.outcome,
                "contacted_at": row.contacted_at,
                "answered_at": row.answered_at,
                "wait": row.wait,
                "review": row.review,
            }
            for row in self.package.contacts
        }
        synced = _sync(Contact, _by_code(Contact.objects.filter(edition=self.edition)), self._coded(wanted))
        given = {
            synced.keys[row.code]: {
                "contact_id": synced.keys[row.code],
                "shopper_id": shoppers[row.shopper],
            }
            for row in self.package.contacts
        }
        held = Assignment.objects.filter(contact__edition=self.edition)
        _sync(Assignment, {row.contact_id: row for row in held}, given)
        return synced

    def _fieldwork(
        self, contacts: Mapping[str, int], questions: Mapping[str, int], options: Mapping[tuple[str, str], int]
    ) -> None:
        """Attempts, answers and comments of the contacts that say something else than before."""
        changed = {code for code, total in self.after.items() if self.before.get(code) != total}
        known = [contacts[code] for code in changed if code in self.before]
        for model in (Attempt, Answer, Comment):
            model.objects.filter(contact__in=known).delete()
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
                for row in self.package.attempts
                if row.contact in changed
            ),
        )
        _create(
            Answer,
            (
                Answer(
                    contact_id=contacts[row.contact],
                    question_id=questions[row.question],
                    option_id=options[row.question, row.option] if row.option else None,
                    value=row.value,
                )
                for row in self.package.answers
                if row.contact in changed
            ),
        )
        _create(
            Comment,
            (
                Comment(contact_id=contacts[row.contact], area=row.area, text=row.text)
                for row in self.package.comments
                if row.contact in changed
            ),
        )

    def _remove(self, contacts: _Synced, participants: _Synced, classes: _Synced) -> None:
        Answer.objects.filter(contact__in=contacts.gone).delete()
        Assignment.objects.filter(contact__in=contacts.gone).delete()
        Contact.objects.filter(pk__in=contacts.gone).delete()
        if participants.gone or classes.gone:
            # A count tells of everybody; without one of them it tells of nothing any more.
            Publication.objects.filter(edition=self.edition).delete()
            self.edition.score_runs.all().delete()

    def _coded(self, wanted: Mapping[str, Facts]) -> dict[str, Facts]:
        return {code: {"edition_id": self.edition.pk, "code": code, **facts} for code, facts in wanted.items()}


def _by_code(rows: models.QuerySet[Row]) -> dict[str, Row]:
    return {row.code: row for row in rows}  # type: ignore[attr-defined]


def _sync(model: type[Row], before: Mapping[Any, Row], wanted: Mapping[Any, Facts]) -> _Synced:
    """Add what is new, change what differs; what is not wanted any more is only named."""
    keys: dict[Hashable, int] = {}
    fresh: dict[Hashable, Row] = {}
    changed: list[Row] = []
    names: set[str] = set()
    for key, facts in wanted.items():
        row = before.get(key)
        if row is None:
            fresh[key] = model(**facts)
            continue
        keys[key] = row.pk
        differing = [name for name, value in facts.items() if getattr(row, name) != value]
        for name in differing:
            setattr(row, name, facts[name])
        if differing:
            changed.append(row)
            names.update(name.removesuffix("_id") for name in differing)
    _create(model, fresh.values())
    keys |= {key: row.pk for key, row in fresh.items()}
    if changed:
        manager = model.objects  # type: ignore[attr-defined]
        manager.bulk_update(changed, sorted(names), batch_size=CHANGES_PER_STATEMENT)
    return _Synced(keys, tuple(row.pk for key, row in before.items() if key not in wanted))


def _create(model: type[Row], rows: Iterable[Row]) -> Sequence[Row]:
    return model.objects.bulk_create(rows, batch_size=ROWS_PER_STATEMENT)  # type: ignore[attr-defined]
