"""The public pages: what they show once an edition is published, in how many questions to the database."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from awards.models import ArchivedResult
from awards.publication.queries import public
from awards.publication.queries.method import method_of
from awards.publication.services.archive import import_archive
from awards.publication.services.publishing import publish_edition
from kundeservice.core.text import in_alphabet
from scoring.models import ParticipantScore
from scoring.services import count_edition
from surveys.models import Channel, Edition, Phase
from tests.factories import (
    AT,
    believable_edition,
    make_class,
    make_contact,
    make_edition,
    make_participant,
    make_questionnaire,
)

pytestmark = pytest.mark.django_db


def publish(edition: Edition, *, at: dt.datetime = AT) -> Edition:
    count_edition(edition_id=edition.pk, at=at)
    publish_edition(edition_id=edition.pk, at=at)
    return edition


def page(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200, address
    return " ".join(response.content.decode().split())


def two_who_share() -> Edition:
    """Two equal winners in one class, and a third with too few contacts to be ranked."""
    edition = make_edition(min_counted=2, min_channel_contacts=2)
    make_questionnaire(edition)
    bank = make_class(edition, "bank", "Bank", "Banking")
    for name in ("Fjord", "Ås & Øy"):
        participant = make_participant(bank, name, code=name[:1].lower().replace("å", "a") + "1")
        for _turn in range(2):
            make_contact(participant, Channel.TELEPHONE, quality=0, wait=60)
    make_contact(make_participant(bank, "Alene", code="alene"), Channel.EMAIL, quality=0, wait=1)
    return edition


def test_the_front_page_is_calm_and_proud_until_there_is_a_winner() -> None:
    import_archive()
    believable_edition(classes=1, participants=1, contacts=2, winner="Ikke Ennå")

    text = page("/")

    assert "Hvem er best på å ta imot en ny kunde?" in text
    assert "Helthjem" in text
    assert "Ikke Ennå" not in text
    assert 'href="/en/"' in text


def test_the_front_page_begins_with_the_newest_winner() -> None:
    publish(believable_edition(code="ksp-2021", classes=1, participants=2, contacts=20, winner="Fjorårets"))
    publish(believable_edition(code="ksp-2022", classes=1, participants=2, contacts=20, winner="Årets"))

    text = page("/")

    assert '<p class="winner-name">Årets</p>' in text
    assert "Fjorårets" not in text


def test_shared_places_are_shared_on_the_page() -> None:
    publish(two_who_share())

    front, table = page("/"), page("/resultater/ksp-2022/bank/")

    assert front.count('<p class="winner-name">') == 2
    assert "Deler seieren" in front
    assert table.count('class="is-winner"') == 2
    assert "Ås &amp; Øy" in table


def test_those_with_too_few_contacts_are_listed_after_the_ranked_without_a_score() -> None:
    publish(two_who_share())

    table = page("/resultater/ksp-2022/bank/")

    assert "Ikke rangert: 1 tellende henvendelse av minst 2." in table
    assert table.index("Alene") > table.index("Ås &amp; Øy")
    results = public.published_results("ksp-2022", at=AT)
    assert [row.name for row in results.classes[0].unranked] == ["Alene"]


def test_the_three_published_scores_stand_beside_each_other() -> None:
    edition = publish(believable_edition(classes=1, participants=2, contacts=20))
    score = ParticipantScore.objects.filter(run__edition=edition).order_by("position")[0]
    shown = [str(value).replace(".", ",") for value in (score.total, score.answered_total, score.agent)]

    table = page("/resultater/ksp-2022/bank/")

    row = table.split('class="is-winner"')[1].split("</tr>")[0]
    for value in shown:
        whole, decimals = value.split(",")
        assert f"{whole},{int(decimals[:1])}" in row or f"{whole},{int(decimals[:1]) + 1}" in row


def test_names_stand_in_the_order_of_the_norwegian_alphabet() -> None:
    names = ["Åpen klasse", "Ørret", "Alarm", "Ærfugl", "avis", "Zoo"]

    assert sorted(names, key=in_alphabet) == ["Alarm", "avis", "Zoo", "Ærfugl", "Ørret", "Åpen klasse"]


def test_english_pages_have_english_names_and_numbers() -> None:
    publish(two_who_share())

    text = page("/en/resultater/ksp-2022/bank/")

    assert "Banking" in text
    assert "100.0" in text
    assert 'lang="en"' in text


def test_the_archive_names_its_sources_and_says_how_2011_was_measured() -> None:
    import_archive()

    assert "Kilde: Kundeserviceavisens omtale av Kundeserviceprisen 2022" in page("/arkiv/2022/")
    panel = page("/arkiv/2011/")
    assert "forbrukerpanel" in panel
    assert "38 160" in panel
    assert "Widerøe" in panel
    assert [line for line in ("2022", "2020", "2017", "2011") if f'">{line}</span>' in page("/arkiv/")] == [
        "2022", "2020", "2017", "2011",
    ]  # fmt: skip
    assert Client().get("/arkiv/1999/").status_code == 404


def test_an_archived_year_has_its_own_figures_and_the_best_of_every_class() -> None:
    import_archive()
    archived = ArchivedResult.objects.filter(year=2022).exclude(class_name="")

    text = page("/arkiv/2022/")

    assert archived
    for result in archived:
        assert result.class_name in text
        assert result.winner in text
    assert "94,7" in text
    assert "73,9" in page("/arkiv/2020/")
    assert "73,9" not in text


def test_every_public_page_leads_to_itself_in_english() -> None:
    import_archive()
    publish(believable_edition(classes=1, participants=2, contacts=4))
    edition = "/resultater/ksp-2022/"
    for address in ("/", "/resultater/", edition, f"{edition}bank/", "/arkiv/2022/", "/metode/"):
        assert f'href="/en{address}"' in page(address)
    assert "Kundeserviceprisen 2022" in page("/resultater/")


def test_the_method_page_is_written_from_the_published_editions_own_rules() -> None:
    edition = believable_edition(classes=2, participants=1, contacts=4)
    edition.weight_wait, edition.weight_welcome = 10, 10
    edition.save()
    assert "Kontaktmåtene" not in page("/metode/")

    publish(edition)

    text = page("/metode/")
    assert "3 virkedager" in text
    assert "30 min" in text
    read = method_of(public.published_edition("ksp-2022", at=AT))
    weights = {area.area: area.weight for area in read.areas}
    assert weights == {"wait": 10, "welcome": 10, "agent": 50, "overall": 30}
    assert "Følte du deg velkommen?" in text
    assert "En deltaker måles på høyst 3 kontaktmåter. De 4 henvendelsene fordeles" in text
    assert {row.label: (row.key, row.late_answers_count) for row in read.channels} == {
        str(Channel(channel).label): (edition.distribution_key[channel], channel == Channel.MESSENGER)
        for channel in Channel.values
    }


def test_an_edition_that_is_not_published_is_not_found() -> None:
    edition = believable_edition(classes=1, participants=1, contacts=2)
    for phase in Phase:
        if phase != Phase.PUBLISHED:
            Edition.objects.filter(pk=edition.pk).update(phase=phase)
            assert Client().get("/resultater/ksp-2022/").status_code == 404
    with pytest.raises(public.NotPublic):
        public.published_results("ksp-2022", at=AT)


def test_unknown_classes_and_editions_are_not_found() -> None:
    publish(believable_edition(classes=1, participants=1, contacts=2))

    for address in ("/resultater/ksp-2022/nonsense/", "/resultater/nonsense/", "/resultater/nonsense/bank/"):
        assert Client().get(address).status_code == 404


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/", 6),
        ("/resultater/", 4),
        ("/resultater/ksp-2022/", 4),
        ("/resultater/ksp-2022/bank/", 4),
        ("/arkiv/", 1),
        ("/arkiv/2022/", 1),
        ("/metode/", 6),
    ],
)
@pytest.mark.parametrize("size", [1, 3])
def test_pages_cost_the_same_however_many_take_part(
    address: str, queries: int, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    import_archive()
    publish(believable_edition(classes=size, participants=size, contacts=2))
    client = Client()

    with django_assert_num_queries(queries):
        response = client.get(address)

    assert response.status_code == 200


def test_public_pages_may_be_kept_for_a_minute_and_personal_ones_never(client: Client) -> None:
    publish(believable_edition(classes=1, participants=1, contacts=2))

    assert client.get("/resultater/ksp-2022/").headers["Cache-Control"] == "public, no-cache"
