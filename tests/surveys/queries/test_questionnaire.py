"""The questionnaire a channel gets, and the part a shopper plays."""

from __future__ import annotations

from dataclasses import fields

from django.utils.translation import override

from surveys.models import Area, Channel, Edition, Option, Question, QuestionKind, RolePlay
from surveys.queries.questionnaire import AskedOption, AskedQuestion, questionnaire_for, roleplay_for, wait_rules_for
from tests.surveys.conftest import ContactFactory


def test_areas_come_in_the_order_they_are_met_and_cx_last(edition: Edition) -> None:
    questionnaire = questionnaire_for(edition, Channel.TELEPHONE)
    areas = [(section.area, section.has_comment) for section in questionnaire.sections]
    assert areas == [(Area.WELCOME, True), (Area.AGENT, True), (Area.OVERALL, True), (Area.CX, False)]
    assert [question.code for question in questionnaire][:3] == ["reach", "met", "welcome"]


def test_a_question_is_asked_only_where_it_fits(edition: Edition) -> None:
    Question.objects.create(
        edition=edition, code="callback", area=Area.WAIT, order=0, text_nb="Ringt opp?", kind=QuestionKind.SINGLE,
        channels="telephone",
    )  # fmt: skip
    assert questionnaire_for(edition, Channel.TELEPHONE).sections[0].area == Area.WAIT
    assert "callback" not in questionnaire_for(edition, Channel.EMAIL).by_code


def test_nothing_in_it_tells_what_an_answer_is_worth() -> None:
    names = {field.name for kind in (AskedOption, AskedQuestion) for field in fields(kind)}
    assert not {name for name in names if "point" in name or "weight" in name or "percent" in name}


def test_texts_follow_the_reader(edition: Edition) -> None:
    Option.objects.filter(code="warm").update(text_en="Personally")
    option = questionnaire_for(edition, Channel.CHAT).by_code["met"].option("warm")
    assert option is not None
    assert option.text == "Personlig"
    with override("en"):
        assert option.text == "Personally"


def test_waiting_follows_the_bands(edition: Edition) -> None:
    telephone = wait_rules_for(edition, Channel.TELEPHONE)
    messenger = wait_rules_for(edition, Channel.MESSENGER)
    email = wait_rules_for(edition, Channel.EMAIL)
    assert [rules.limit for rules in (telephone, messenger, email)] == [300, 1800, 3]
    assert [rules.beyond for rules in (telephone, messenger, email)] == [False, True, False]
    assert [rules.most_attempts for rules in (telephone, messenger, email)] == [2, 2, 1]
    assert email.is_counted_in_days


def test_a_contact_keeps_its_role_play_and_all_are_used(planned: ContactFactory) -> None:
    contacts = [planned(code=f"c{number:04d}") for number in range(40)]
    assert roleplay_for(contacts[0]) is None
    for code in ("flytting", "forste-jobb", "sammenligning"):
        RolePlay.objects.create(
            edition=contacts[0].edition, award_class=contacts[0].participant.award_class, code=code, title_nb=code
        )
    parts = [roleplay_for(contact) for contact in contacts]
    assert parts == [roleplay_for(contact) for contact in contacts]
    assert len({part.code for part in parts if part}) == 3
