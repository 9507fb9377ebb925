"""Whether the answers fit what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from awards.package.format.parsed import ParsedPackage
from awards.package.format.problems import Message, ProblemCollector, sentence
from awards.package.format.rows import AnswerRow, ContactRow, OptionRow, QuestionRow
from surveys.engine.words import CHANNELS

Answered = dict[str, dict[str, list[str]]]
"""Contact → question → the options ticked (for a scale: one empty word)."""


@dataclass(frozen=True, slots=True)
class _Fault:
    column: str
    value: object
    message: Message


def check_answers(parsed: ParsedPackage, problems: ProblemCollector) -> None:
    """Only answered contacts have answers, and they fit their questions; required questions are answered.

    An answer is to a question of the contact's channel, with an option of that question (one for `single`) or a value
    inside the scale; a `not_applicable` option stands alone.
    """
    questionnaire = _Questionnaire(parsed)
    contacts: dict[str, ContactRow] = {row.code: row for row in parsed.tables["contacts"].rows}
    answered: Answered = {}
    for number, answer in parsed.tables["answers"].numbered():
        contact = contacts.get(answer.contact)
        question = questionnaire.questions.get(answer.question)
        given = answered.setdefault(answer.contact, {}).setdefault(answer.question, [])
        fault = _contact_fault(contact) or _question_fault(contact, question)
        if not fault and question:
            fault = questionnaire.content_fault(answer, question, given)
        if fault:
            problems.add("answers", row=number, column=fault.column, value=fault.value, message=fault.message)
        given.append(answer.option)
    if parsed.tables["answers"].is_complete and parsed.tables["questions"].is_complete:
        _check_required(parsed, questionnaire, answered, problems)


def _contact_fault(contact: ContactRow | None) -> _Fault | None:
    if contact is None or contact.outcome == "answered":
        return None
    if not contact.outcome:
        return _Fault(
            "contact",
            contact.code,
            _("Henvendelsen er ikke gjort ennå og kan ikke ha svar. Fjern svaret, eller fyll ut outcome."),
        )
    message = sentence(
        _("Bare besvarte henvendelser har svar; denne har utfallet %(outcome)s. Fjern svaret, eller rett utfallet."),
        outcome=contact.outcome,
    )
    return _Fault("contact", contact.code, message)


def _question_fault(contact: ContactRow | None, question: QuestionRow | None) -> _Fault | None:
    if contact is None or question is None or question.fits(contact.channel):
        return None
    return _Fault(
        "question",
        question.code,
        sentence(_("Spørsmålet stilles ikke på kontaktmåten %(channel)s. Fjern svaret."), channel=contact.channel),
    )


class _Questionnaire:
    """The questions and options that could be read, by code."""

    def __init__(self, parsed: ParsedPackage) -> None:
        self.questions: Mapping[str, QuestionRow] = {row.code: row for row in parsed.tables["questions"].rows}
        self._options: dict[str, dict[str, OptionRow | None]] = {}
        for question, option in parsed.tables["options"].faulty_keys:
            self._options.setdefault(question, {})[option] = None
        option_row: OptionRow
        for option_row in parsed.tables["options"].rows:
            self._options.setdefault(option_row.question, {})[option_row.code] = option_row
        self._knows_all_options = parsed.tables["options"].is_complete
        self.required = {
            channel: [row.code for row in self.questions.values() if row.required and row.fits(channel)]
            for channel in CHANNELS
        }

    def content_fault(self, answer: AnswerRow, question: QuestionRow, earlier: list[str]) -> _Fault | None:
        """What is wrong with an answer, given the options ticked in earlier rows."""
        if question.kind == "scale":
            return self._value_fault(answer, question, earlier)
        if answer.value is not None:
            return _Fault(
                "value", answer.value, _("Spørsmålet besvares med et svaralternativ, ikke med en verdi. Tøm cellen.")
            )
        if not answer.option:
            return _Fault("option", "", _("Svaralternativet mangler. Fyll det ut, eller fjern raden."))
        return self._option_fault(answer.option, question, earlier)

    def _option_fault(self, chosen: str, question: QuestionRow, earlier: list[str]) -> _Fault | None:
        options = self._options.get(question.code, {})
        if chosen not in options and self._knows_all_options:
            message = sentence(_("Spørsmålet «%(question)s» har ikke dette svaralternativet."), question=question.code)
            return _Fault("option", chosen, message)
        if question.kind == "single" and earlier:
            return _Fault("option", chosen, _("Spørsmålet kan bare ha ett svar, og har det allerede. Fjern det ene."))
        ticked = [options.get(option) for option in (*earlier, chosen)]
        if len(ticked) > 1 and any(option and option.not_applicable for option in ticked):
            message = _("«Ikke aktuelt» må stå alene, men spørsmålet har flere svar. Fjern det ene.")
            return _Fault("option", chosen, message)
        return None

    @staticmethod
    def _value_fault(answer: AnswerRow, question: QuestionRow, earlier: list[str]) -> _Fault | None:
        if answer.option:
            return _Fault("option", answer.option, _("Spørsmålet er en skala og besvares med en verdi. Tøm cellen."))
        if answer.value is None:
            return _Fault("value", "", _("Verdien mangler. Fyll den ut, eller fjern raden."))
        low, high = question.scale_min, question.scale_max
        if low is not None and high is not None and not low <= answer.value <= high:
            message = sentence(_("Verdien må være fra %(low)s til %(high)s."), low=low, high=high)
            return _Fault("value", answer.value, message)
        if earlier:
            return _Fault(
                "question", question.code, _("Spørsmålet kan bare ha ett svar, og har det allerede. Fjern det ene.")
            )
        return None


def _check_required(
    parsed: ParsedPackage, questionnaire: _Questionnaire, answered: Answered, problems: ProblemCollector
) -> None:
    with_faulty_rows = {key[:2] for key in parsed.tables["answers"].faulty_keys}
    contact: ContactRow
    for number, contact in parsed.tables["contacts"].numbered():
        if contact.outcome != "answered":
            continue
        given = answered.get(contact.code, {})
        for question in questionnaire.required[contact.channel]:
            if question not in given and (contact.code, question) not in with_faulty_rows:
                message = sentence(
                    _(
                        "Henvendelsen er besvart, men det påkrevde spørsmålet «%(question)s» mangler svar. "
                        "Legg svaret til i «answers»."
                    ),
                    question=question,
                )
                problems.add("contacts", row=number, column="contact", value=contact.code, message=message)
