"""Editions that cannot be planned end in an explanation with numbers and the smallest change that helps.

Two participants with four contacts each, six shoppers who can do everything, four weeks: then one thing is spoilt.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from shoppers.models import PlanProposal, Relation, Shopper
from shoppers.services import PlanImpossible, plan_edition
from shoppers.services.proposing import propose_plan
from surveys.models import AddressKind, Contact, ContactPoint, Edition, Participant, Phase
from tests.shoppers.conftest import oslo

BEFORE = oslo("2022-01-03 09:00")


def nobody_uses_the_telephone() -> None:
    Shopper.objects.update(channels="email chat messenger")


def there_are_no_shoppers() -> None:
    Shopper.objects.all().delete()


def there_is_room_for_seven_of_eight() -> None:
    Shopper.objects.update(max_contacts=1)
    Shopper.objects.filter(code="s1").update(max_contacts=2)


def all_are_customers() -> None:
    fjord = Participant.objects.get(code="fjord")
    Relation.objects.bulk_create(
        Relation(shopper=shopper, participant=fjord, kind="customer") for shopper in Shopper.objects.all()
    )


def one_customer_too_many() -> None:
    all_are_customers()
    Relation.objects.filter(shopper__code__in=("s1", "s2", "s3")).delete()


def the_period_is_a_day_too_short() -> None:
    Edition.objects.update(ends_on=dt.date(2022, 1, 12))


def the_period_is_a_weekend() -> None:
    Edition.objects.update(starts_on=dt.date(2022, 1, 15), ends_on=dt.date(2022, 1, 16))


def everybody_leaves_after_two_days() -> None:
    Shopper.objects.update(available_to=dt.date(2022, 1, 11))


def the_weeks_are_full() -> None:
    Edition.objects.update(ends_on=dt.date(2022, 1, 14))
    Shopper.objects.update(max_per_week=1)


def the_hours_are_in_the_evening() -> None:
    Edition.objects.update(opens_at=dt.time(16), closes_at=dt.time(20))


def a_participant_has_no_channel() -> None:
    ContactPoint.objects.filter(participant__code="fjord").delete()


def overrides_are_one_too_many() -> None:
    Participant.objects.filter(code="fjell").update(telephone_contacts=3, email_contacts=2)


def overrides_are_two_too_few() -> None:
    Participant.objects.filter(code="fjell").update(telephone_contacts=1, email_contacts=1)


def an_override_is_for_a_closed_channel() -> None:
    Participant.objects.filter(code="fjell").update(telephone_contacts=3, messenger_contacts=1)


def overrides_use_a_channel_too_many() -> None:
    ContactPoint.objects.create(
        participant=Participant.objects.get(code="fjell"), kind=AddressKind.MESSENGER, address="https://m.example/fjell"
    )
    Participant.objects.filter(code="fjell").update(
        telephone_contacts=1, email_contacts=1, chat_contacts=1, messenger_contacts=1
    )


Spoil = Callable[[], None]
IMPOSSIBLE: tuple[tuple[Spoil, str, str], ...] = (
    (
        nobody_uses_the_telephone,
        "Ingen av de 6 mystery shopperne kan bruke telefon, men Fjellbanken og Fjordbanken trenger 4 henvendelser der.",
        "2 mystery shoppere til som kan bruke telefon og ta 2 henvendelser hver",
    ),
    (there_are_no_shoppers, "Ingen av de 0 mystery shopperne kan bruke telefon", "4 mystery shoppere til"),
    (there_is_room_for_seven_of_eight, "har plass til 7 henvendelser, men det trengs 8: det mangler 1.", "til 2 i alt"),
    (
        all_are_customers,
        (
            "Fjordbanken trenger 4 mystery shoppere på telefon, e-post og chat, men ingen kan brukes. "
            "Av 6 i alt: 6 har et forhold til deltakeren."
        ),
        "4 mystery shoppere til",
    ),
    (
        one_customer_too_many,
        (
            "Fjordbanken trenger 4 mystery shoppere på telefon, e-post og chat, men bare 3 kan brukes: det mangler 1. "
            "Av 6 i alt: 3 har et forhold til deltakeren."
        ),
        "1 mystery shopper til",
    ),
    (
        the_period_is_a_day_too_short,
        "trenger 4 dager, én per henvendelse, men feltperioden har bare 3 virkedager.",
        "forlenge feltperioden med 1 virkedag.",
    ),
    (the_period_is_a_weekend, "Det er ingen virkedager igjen i feltperioden", "med 4 virkedager."),
    (
        everybody_leaves_after_two_days,
        "de 6 mystery shopperne som kan brukes, er bare tilgjengelige på 2 av 20 virkedager.",
        "2 mystery shoppere til",
    ),
    (
        the_weeks_are_full,
        "Grensene per uke gir plass til 6 av 8 henvendelser på 1 uke: det mangler 2.",
        "2 per uke",
    ),
    (
        the_hours_are_in_the_evening,
        "Fjellbanken har ikke åpent i noe tidsrom mellom kl. 9 og 15, men skal ha 3 henvendelser på telefon og chat.",
        "utvide tiden for henvendelser til kl. 9–15",
    ),
    (
        a_participant_has_no_channel,
        "Fjordbanken har ingen åpen kontaktmåte, men skal ha 4 henvendelser.",
        "Fyll inn telefon, e-post, chat eller Messenger.",
    ),
    (
        overrides_are_one_too_many,
        "Fjellbanken har egne antall for telefon og e-post som blir 5 til sammen, men skal ha 4.",
        "Det hjelper å ta bort 1 henvendelse.",
    ),
    (overrides_are_two_too_few, "som blir 2 til sammen, men skal ha 4.", "Det hjelper å legge til 2 henvendelser."),
    (
        an_override_is_for_a_closed_channel,
        "Fjellbanken har eget antall for Messenger, men kan ikke nås der.",
        "Fyll inn hvordan deltakeren nås der, eller fjern antallet.",
    ),
    (
        overrides_use_a_channel_too_many,
        "Fjellbanken har egne antall for 4 kontaktmåter, og årgangen tillater 3.",
        "Samle henvendelsene på færre kontaktmåter.",
    ),
)


@pytest.fixture
def draft(edition: Edition, participants: list[Participant], pool: list[Shopper]) -> Edition:
    edition.phase = Phase.DRAFT
    edition.save()
    return edition


@pytest.mark.parametrize(("spoil", "reason", "help_"), IMPOSSIBLE, ids=[spoil.__name__ for spoil, *_ in IMPOSSIBLE])
def test_an_impossible_edition_is_explained(draft: Edition, spoil: Spoil, reason: str, help_: str) -> None:
    spoil()

    with pytest.raises(PlanImpossible) as refusal:
        propose_plan(edition_id=draft.pk, at=BEFORE, seconds=5.0)

    text = str(refusal.value)
    assert reason in text
    assert help_ in text
    assert "?" not in text
    assert (Contact.objects.count(), PlanProposal.objects.count()) == (0, 0)


def test_planning_at_once_gives_the_same_explanation(draft: Edition) -> None:
    one_customer_too_many()
    texts = []
    for plan in (plan_edition, propose_plan):
        with pytest.raises(PlanImpossible) as refusal:
            plan(edition_id=draft.pk, at=BEFORE, seconds=5.0)
        texts.append(str(refusal.value))
    assert texts[0] == texts[1]


def test_the_help_helps(draft: Edition) -> None:
    """One customer too many, and «one more shopper» is what it takes."""
    one_customer_too_many()
    Shopper.objects.create(
        edition=draft, code="ny", name="Ny", email="ny@example.test", channels="email", max_contacts=1
    )
    assert len(propose_plan(edition_id=draft.pk, at=BEFORE, seconds=5.0).contacts) == 8


def test_two_participants_with_wrong_figures_are_both_told_how_to_mend_them(draft: Edition) -> None:
    Participant.objects.update(telephone_contacts=3, email_contacts=2)
    with pytest.raises(PlanImpossible) as refusal:
        propose_plan(edition_id=draft.pk, at=BEFORE, seconds=5.0)
    assert [reason.count("ta bort 1 henvendelse") for reason in refusal.value.reasons] == [1, 1]
