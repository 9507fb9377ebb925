"""The questionnaire as it is asked on one channel, without what the answers are worth."""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from django.db.models import F

from kundeservice.core.language import in_reader_language
from surveys.engine.waiting import USUAL_LIMITS, WaitRules
from surveys.engine.words import EMAIL, SECONDS, WORKING_DAYS
from surveys.models import Area, CommentArea, Edition, Question, QuestionKind, RolePlay, WaitBand

if TYPE_CHECKING:
    from surveys.models import Contact


OPTION_COLUMNS: Mapping[str, str] = {
    "option_pk": "pk",
    "option_code": "code",
    "option_text_nb": "text_nb",
    "option_text_en": "text_en",
    "option_not_applicable": "not_applicable",
}
"""The columns of an `AskedOption`, in its order, as they are called beside those of its question."""

_SAYS_NONE = re.compile(r"(nei|ingen|ingenting|intet|verken)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AskedOption:
    """An answer one can choose. What it is worth is left out on purpose."""

    pk: int
    code: str
    text_nb: str
    text_en: str
    not_applicable: bool

    @property
    def text(self) -> str:
        return in_reader_language(self.text_nb, self.text_en)

    @property
    def says_none(self) -> bool:
        """Whether it says no to the others by its words, such as «Ingen av delene». No mark of an option tells it, so
        it is a reason to look, never one to refuse.
        """
        return bool(_SAYS_NONE.match(self.text_nb))


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question with its options (empty for a scale, which runs from `scale_min` to `scale_max`)."""

    pk: int
    code: str
    area: str
    kind: str
    text_nb: str
    text_en: str
    required: bool
    scale_min: int
    scale_max: int
    options: tuple[AskedOption, ...]

    @property
    def text(self) -> str:
        return in_reader_language(self.text_nb, self.text_en)

    @property
    def is_scale(self) -> bool:
        return self.kind == QuestionKind.SCALE

    @property
    def is_multi(self) -> bool:
        return self.kind == QuestionKind.MULTI

    @property
    def scale(self) -> range:
        """Every value one can choose, the ends included."""
        return range(self.scale_min, self.scale_max + 1)

    def contradicts_itself(self, chosen: Collection[str]) -> bool:
        """Whether an option that says no to the others is chosen (by code) beside another one."""
        options = (self.option(code) for code in chosen)
        return self.is_multi and len(chosen) > 1 and any(option.says_none for option in options if option)

    def option(self, code: str) -> AskedOption | None:
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True, slots=True)
class Section:
    """One performance area of the questionnaire, and whether it ends in a comment field."""

    area: Area
    questions: tuple[AskedQuestion, ...]
    has_comment: bool

    @property
    def label(self) -> str:
        return str(self.area.label)


@dataclass(frozen=True)
class Questionnaire:
    """Everything asked after a contact on `channel`: wait, welcome, agent, overall, the customer experience last."""

    edition_id: int
    channel: str
    sections: tuple[Section, ...]

    def __iter__(self) -> Iterator[AskedQuestion]:
        return (question for section in self.sections for question in section.questions)

    @cached_property
    def by_code(self) -> Mapping[str, AskedQuestion]:
        return {question.code: question for question in self}


def questionnaire_for(edition: Edition, channel: str) -> Questionnaire:
    """The questions that fit a channel, area by area, in the leader's order. One query."""
    return questionnaires_of(edition, (channel,))[channel]


def questionnaires_of(edition: Edition, channels: tuple[str, ...]) -> dict[str, Questionnaire]:
    """Channel → its questionnaire, for those who work through many contacts. One query in all."""
    rows = (
        Question.objects.filter(edition=edition)
        .annotate(**{name: F(f"options__{column}") for name, column in OPTION_COLUMNS.items()})
        .order_by("order", "code", "options__order", "options__code")
    )
    asked = [_asked(list(same)) for _key, same in groupby(rows, key=attrgetter("pk"))]
    return {
        channel: Questionnaire(
            edition_id=edition.pk,
            channel=channel,
            sections=_sections([question for row, question in asked if row.fits(channel)]),
        )
        for channel in channels
    }


def _asked(rows: list[Question]) -> tuple[Question, AskedQuestion]:
    """A question from its rows, one per option; a scale has one row and no option."""
    row = rows[0]
    options = ([getattr(each, name) for name in OPTION_COLUMNS] for each in rows)
    return row, AskedQuestion(
        pk=row.pk,
        code=row.code,
        area=row.area,
        kind=row.kind,
        text_nb=row.text_nb,
        text_en=row.text_en,
        required=row.required,
        scale_min=row.scale_min or 0,
        scale_max=row.scale_max or 0,
        options=tuple(AskedOption(*option) for option in options if option[0] is not None),
    )


def _sections(questions: list[AskedQuestion]) -> tuple[Section, ...]:
    sections = (
        Section(
            area=area,
            questions=tuple(question for question in questions if question.area == area),
            has_comment=area in CommentArea.values,
        )
        for area in Area
    )
    return tuple(section for section in sections if section.questions or section.has_comment)


def wait_rules_for(edition: Edition, channel: str) -> WaitRules:
    """How long a shopper waits on a channel, read from the edition's bands. One query."""
    return wait_rules_of(edition, (channel,))[channel]


def wait_rules_of(edition: Edition, channels: tuple[str, ...]) -> dict[str, WaitRules]:
    """Channel → its wait rules; the usual limits where the edition has no bands. One query in all."""
    bands: dict[str, list[WaitBand]] = {}
    for band in WaitBand.objects.filter(edition=edition):
        bands.setdefault(band.channel, []).append(band)
    return {channel: _wait_rules(channel, bands.get(channel, [])) for channel in channels}


def _wait_rules(channel: str, bands: list[WaitBand]) -> WaitRules:
    limits = [band.up_to for band in bands if band.up_to is not None]
    usual_unit = WORKING_DAYS if channel == EMAIL else SECONDS
    return WaitRules(
        channel=channel,
        unit=bands[0].unit if bands else usual_unit,
        limit=max(limits, default=USUAL_LIMITS[channel]),
        beyond=any(band.up_to is None for band in bands),
    )


def roleplay_for(contact: Contact) -> RolePlay | None:
    """The part the shopper plays: always the same one for a contact, evenly spread over the class's role plays."""
    choices = list(RolePlay.objects.filter(award_class=contact.participant.award_class_id).order_by("code"))
    if not choices:
        return None
    return choices[zlib.crc32(contact.code.encode()) % len(choices)]
