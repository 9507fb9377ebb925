"""Where the invented companies stand: their classes' expectations, met on average, and luck that evens out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from awards.demo.world.profiles import CHANNEL_SHARES, CLASS_PROFILES, ClassProfile
from awards.demo.world.standing import companies, expected_total, skill_for
from tests.awards.demo.world.fieldwork import demo_tables

MONDAY = date(2021, 11, 15)


@pytest.mark.parametrize("award_class", ["transport", "bank", "offentlig", "cruise"])
def test_a_classs_companies_average_what_is_expected_of_it(award_class: str) -> None:
    profile = CLASS_PROFILES[award_class]
    totals = [expected_total(profile, (place + 0.5) / 100) for place in range(100)]
    assert sum(totals) / 100 == pytest.approx(profile.mean, abs=0.2)
    assert totals == sorted(totals, reverse=True)
    assert totals[0] <= profile.best


def test_no_company_is_expected_to_score_below_the_floor() -> None:
    assert expected_total(ClassProfile(best=50, mean=20), 1.0) > 0


def test_more_skill_is_needed_for_more_points() -> None:
    skills = [skill_for(score) for score in range(30, 98)]
    assert skills == sorted(skills)
    assert skill_for(75.7) == pytest.approx(0.0)


def test_a_company_has_its_channels_strengths_but_keeps_its_average() -> None:
    for company in companies(1, demo_tables(1)["participants"]).values():
        weights = sum(CHANNEL_SHARES.values())
        mean = sum(CHANNEL_SHARES[channel] * skill for channel, skill in company.skill.items()) / weights
        assert min(company.skill.values()) < mean < max(company.skill.values())
        assert all(0 < chance <= 0.9 for chance in company.no_answer.values())


def test_sixteen_weeks_hold_sixteen_kinds_of_luck() -> None:
    company = next(iter(companies(1, demo_tables(1)["participants"]).values()))
    luck = [company.luck(MONDAY + timedelta(weeks=week), 0.5) for week in range(16)]
    assert sorted(luck) == [pytest.approx((rank + 0.5) / 16) for rank in range(16)]
    assert luck != sorted(luck)


def test_energy_companies_are_harder_to_reach_in_midwinter() -> None:
    tables = demo_tables(1)
    energy = [it for it in companies(1, tables["participants"]).values() if it.award_class == "energi"]
    winter, spring = date(2022, 1, 12), date(2022, 3, 9)
    for company in energy:
        assert company.silence("telephone", winter, "11-13") > company.silence("telephone", spring, "11-13")
