"""The shopper's door: my contacts, one contact, attempts, questionnaire, handing in."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kundeservice.core.models import Role, RoleGrant
from shoppers.models import Shopper
from surveys.models import (
    Area,
    Attempt,
    AttemptResult,
    Channel,
    Contact,
    Edition,
    Option,
    Outcome,
    Participant,
    Phase,
    Question,
    QuestionKind,
    Response,
    ReviewState,
    RolePlay,
)
from surveys.services import record_attempt, return_response, save_draft, undo_attempt
from tests.conftest import ClientFactory, PersonFactory
from tests.shoppers.conftest import AssignmentFactory, ShopperFactory, oslo
from tests.surveys.conftest import FULL_OPTIONS, FULL_VALUES

TUESDAY = oslo("2022-01-11 10:00")
BASE = "/oppdrag/ksp-2022/c0001/"


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    """A Tuesday morning in the second week."""
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client(me: Shopper, client_for: ClientFactory) -> Client:
    assert me.user is not None
    return client_for(me.user)


def page(client: Client, address: str = BASE, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def answered(contact: Contact, wait: int = 45) -> Contact:
    """The contact after an answered call."""
    record_attempt(
        contact_id=contact.pk, started_at=TUESDAY, wait_seconds=wait, result=AttemptResult.ANSWERED, at=TUESDAY
    )
    return contact


# The list -----------------------------------------------------------------------------------------------------------


def test_the_list_is_sorted_by_what_to_do_first(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    assigned(me, code="c0001", week="2022-W03")
    assigned(me, code="c0002", week="2022-W02")
    assigned(me, code="c0003", week="2022-W01")
    sent_back = answered(assigned(me, code="c0004", week="2022-W02"))
    Contact.objects.filter(pk=sent_back.pk).update(outcome=Outcome.ANSWERED, wait=45, review=ReviewState.SUBMITTED)
    return_response(contact_id=sent_back.pk, by=None, note="Ta bort navnet i kommentaren.", at=TUESDAY)
    done = assigned(me, code="c0005", week="2022-W02")
    Contact.objects.filter(pk=done.pk).update(outcome=Outcome.NO_ANSWER, review=ReviewState.APPROVED)
    html = page(client, "/oppdrag/")
    headings = re.findall(r"<h2[^>]*>\s*([^<(]+?)\s*[<(]", html)
    assert headings == ["Kom tilbake", "På overtid", "Denne uken", "Kommer", "Levert"]
    places = [html.index(f"/{code}/") for code in ("c0004", "c0003", "c0002", "c0001", "c0005")]
    assert places == sorted(places)
    assert "Ta bort navnet i kommentaren." in html
    assert "Neste: Fjellbanken" in html


def test_what_waits_for_an_answer_is_not_late(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    email = assigned(me, Channel.EMAIL, week="2022-W01")
    Contact.objects.filter(pk=email.pk).update(contacted_at=oslo("2022-01-10 09:00"))
    html = page(client, "/oppdrag/")
    assert "På overtid" not in html
    assert "Venter på svar" in html


def test_without_contacts_the_page_says_so_kindly(client: Client) -> None:
    assert "Du har ingen oppdrag ennå" in page(client, "/oppdrag/")


@pytest.mark.parametrize("phase", [Phase.LOCKED, Phase.PUBLISHED])
def test_after_the_lock_the_page_says_thank_you_and_not_that_nothing_has_come_yet(
    client: Client, me: Shopper, assigned: AssignmentFactory, phase: Phase
) -> None:
    assigned(me)
    Edition.objects.update(phase=phase)

    html = page(client, "/oppdrag/")

    assert "Feltperioden er over" in html
    assert "Du har ingen oppdrag ennå" not in html


def test_only_running_editions_and_live_contacts_are_listed(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    contact = assigned(me)
    Contact.objects.filter(pk=contact.pk).update(outcome=Outcome.VOID)
    assert "Fjellbanken" not in page(client, "/oppdrag/")
    page(client, BASE, status=404)
    Contact.objects.filter(pk=contact.pk).update(outcome="")
    Edition.objects.update(phase=Phase.LOCKED)
    assert "Fjellbanken" not in page(client, "/oppdrag/")
    page(client, BASE, status=404)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_for_one_contact_as_for_three(
    client: Client,
    me: Shopper,
    assigned: AssignmentFactory,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    for number in range(count):
        contact = assigned(me, code=f"c{number:04d}")
        record_attempt(contact_id=contact.pk, started_at=TUESDAY, result=AttemptResult.NOT_QUEUED, at=TUESDAY)
    page(client, "/oppdrag/")  # the first visit of a day moves the end of the session
    # session, person with roles, assignments, attempts, bands; places, what was taken by hand, by a repair
    with django_assert_num_queries(9):
        page(client, "/oppdrag/")


# Whose it is --------------------------------------------------------------------------------------------------------


def test_somebody_elses_contact_is_not_there(
    client: Client, me: Shopper, shopper_of: ShopperFactory, person: PersonFactory, assigned: AssignmentFactory
) -> None:
    assigned(shopper_of("annen", user=person(Role.SHOPPER)))
    for path in ("", "lever/", "kvittering/", "skjema/velkomst/"):
        page(client, BASE + path, status=404)
    for path in ("begynn", "avslutt", "etterpa", "sendt", "sent-svar", "rett", "angre"):
        assert client.post(f"{BASE}forsok/{path}/").status_code == 404
    assert client.post(f"{BASE}skjema/velkomst/lagre/").status_code == 404
    assert client.post(f"{BASE}lever/").status_code == 404
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.REVIEWER])
def test_other_roles_have_no_business_here(client_for: ClientFactory, person: PersonFactory, role: Role) -> None:
    assert client_for(person(role)).get("/oppdrag/").status_code == 403


def test_strangers_are_asked_to_log_in(db: None) -> None:
    response = Client().get("/oppdrag/")
    assert response.status_code == 302
    assert response["Location"].startswith("/logg-inn/")


# One contact --------------------------------------------------------------------------------------------------------


def test_the_page_tells_whom_how_and_which_part(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    contact = assigned(me)
    RolePlay.objects.create(
        edition=contact.edition,
        award_class=contact.participant.award_class,
        code="flytting",
        title_nb="Du flytter til byen",
        text_nb="Du har fått ny jobb og trenger bank.",
    )
    html = page(client)
    assert 'href="tel:+4722000000"' in html
    assert "Du flytter til byen" in html
    assert "5 minutter" in html
    assert "Start klokken og ring" in html


@pytest.mark.parametrize(
    ("channel", "link", "button"),
    [
        (Channel.EMAIL, "mailto:post@selskap.example", "Jeg har sendt e-posten"),
        (Channel.CHAT, "https://selskap.example/chat", "Start klokken"),
    ],
)
def test_each_channel_has_its_way_in(
    client: Client, me: Shopper, assigned: AssignmentFactory, channel: str, link: str, button: str
) -> None:
    assigned(me, channel)
    html = page(client)
    assert f'href="{link}"' in html
    assert button in html


def test_an_address_that_is_a_script_is_no_link(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    contact = assigned(me, Channel.CHAT)
    contact.participant.contact_points.filter(kind="chat").update(address="javascript:alert(1)")
    Participant.objects.update(website="javascript:alert(2)")
    html = page(client)
    assert 'href="javascript' not in html
    assert "javascript:alert(1)" in html


def test_a_contact_outside_its_week_may_be_made_but_is_warned_of(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    assigned(me, week="2022-W04")
    html = page(client)
    assert "planlagt til uke 4" in html
    assert "Start klokken" in html


def test_before_the_field_period_the_page_can_be_read_only(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    assigned(me)
    Edition.objects.update(phase=Phase.PLANNED)
    html = page(client)
    assert "har ikke åpnet" in html
    assert "forsok/begynn" not in html


# Attempts -----------------------------------------------------------------------------------------------------------


def test_a_call_with_the_clock(
    client: Client, me: Shopper, assigned: AssignmentFactory, now: time_machine.Traveller
) -> None:
    assigned(me)
    client.post(f"{BASE}forsok/begynn/")
    now.shift(95)
    html = page(client)
    assert 'data-elapsed="95"' in html  # a reload goes on counting
    response = client.post(f"{BASE}forsok/avslutt/", {"result": "answered", "elapsed": "95.400"}, follow=True)
    assert "Fyll ut skjemaet" in response.content.decode()
    assert Attempt.objects.get().wait_seconds == 95


def test_without_javascript_the_servers_clock_counts(
    client: Client, me: Shopper, assigned: AssignmentFactory, now: time_machine.Traveller
) -> None:
    assigned(me)
    client.post(f"{BASE}forsok/begynn/")
    now.shift(70)
    client.post(f"{BASE}forsok/avslutt/", {"result": "answered", "elapsed": ""})
    assert Attempt.objects.get().wait_seconds == 70


def test_a_typed_wait_goes_before_the_clock(
    client: Client, me: Shopper, assigned: AssignmentFactory, now: time_machine.Traveller
) -> None:
    assigned(me)
    client.post(f"{BASE}forsok/begynn/")
    now.shift(200)
    client.post(f"{BASE}forsok/avslutt/", {"result": "answered", "elapsed": "200", "minutes": "1", "seconds": "5"})
    assert Attempt.objects.get().wait_seconds == 65


def test_after_the_limit_an_answer_is_refused_in_words_and_no_answer_taken(
    client: Client, me: Shopper, assigned: AssignmentFactory, now: time_machine.Traveller
) -> None:
    assigned(me)
    client.post(f"{BASE}forsok/begynn/")
    now.shift(301)
    refused = client.post(f"{BASE}forsok/avslutt/", {"result": "answered", "elapsed": "301"})
    assert refused.status_code == 400
    assert "regnes som ikke svar" in refused.content.decode()
    typed = {"result": "answered", "minutes": "5", "seconds": "1"}
    assert 'name="minutes" value="5"' in client.post(f"{BASE}forsok/avslutt/", typed).content.decode()
    html = client.post(f"{BASE}forsok/avslutt/", {"result": "no_answer"}, follow=True).content.decode()
    assert "Prøv igjen fra onsdag 12. januar" in html


def test_giving_up_early_asks_why_and_every_way_on_is_there(
    client: Client, me: Shopper, assigned: AssignmentFactory, now: time_machine.Traveller
) -> None:
    assigned(me)
    client.post(f"{BASE}forsok/begynn/")
    now.shift(3)
    asked = client.post(f"{BASE}forsok/avslutt/", {"result": "no_answer", "elapsed": "300"})
    html = asked.content.decode()
    assert asked.status_code == 400
    for word in ("Køen var stengt", "Feil nummer", "Kundesenteret var stengt", "Jeg trykket feil", "stryk forsøket"):
        assert word in html
    assert not Attempt.objects.exists()
    told = client.post(f"{BASE}forsok/avslutt/", {"result": "no_answer", "reason": "closed"}, follow=True)
    assert "Ikke svar" in told.content.decode()
    assert "kundesenteret var stengt" in told.content.decode()
    assert Attempt.objects.get().wait_seconds == 3


@pytest.mark.parametrize("nonsense", ["", "maybe"])
def test_a_result_must_be_one_of_the_buttons(
    client: Client, me: Shopper, assigned: AssignmentFactory, nonsense: str
) -> None:
    assigned(me)
    client.post(f"{BASE}forsok/begynn/")
    assert client.post(f"{BASE}forsok/avslutt/", {"result": nonsense}).status_code == 400
    assert not Attempt.objects.exists()


def test_an_attempt_told_afterwards_keeps_what_was_typed_when_refused(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    assigned(me)
    told = {"started_at": "2022-01-11T09:10", "result": "answered", "minutes": "6", "seconds": "10"}
    refused = client.post(f"{BASE}forsok/etterpa/", told)
    assert refused.status_code == 400
    assert 'value="6"' in refused.content.decode()
    assert client.post(f"{BASE}forsok/etterpa/", {**told, "minutes": "1"}).status_code == 302
    attempt = Attempt.objects.get()
    assert attempt.wait_seconds == 70
    assert attempt.started_at == oslo("2022-01-11 09:10")


def test_an_email_from_sending_to_answer(
    client: Client, me: Shopper, assigned: AssignmentFactory, now: time_machine.Traveller
) -> None:
    assigned(me, Channel.EMAIL)
    client.post(f"{BASE}forsok/begynn/")
    html = page(client)
    assert "til og med torsdag 13. januar" in html
    now.move_to(oslo("2022-01-12 14:00"))
    early = client.post(f"{BASE}forsok/avslutt/", {"result": "no_answer"})
    assert early.status_code == 400
    html = client.post(
        f"{BASE}forsok/avslutt/", {"result": "answered", "answered_at": "2022-01-12T08:30"}, follow=True
    ).content.decode()
    assert "2 virkedager" in html
    html = client.post(f"{BASE}forsok/rett/", {"answered_at": "2022-01-11T14:30"}, follow=True).content.decode()
    assert "1 virkedag<" in html


def test_an_email_sent_earlier_can_be_told(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    contact = assigned(me, Channel.EMAIL)
    client.post(f"{BASE}forsok/sendt/", {"started_at": "2022-01-10T09:30"})
    contact.refresh_from_db()
    assert contact.contacted_at == oslo("2022-01-10 09:30")
    assert client.post(f"{BASE}forsok/sendt/", {"started_at": "i går"}).status_code == 400


@pytest.mark.parametrize(
    ("channel", "last_moment", "too_late"),
    [
        (Channel.EMAIL, "2022-01-13 23:59", "2022-01-14 00:00"),
        (Channel.MESSENGER, "2022-01-11 10:29", "2022-01-11 10:30"),
    ],
)
def test_a_message_past_its_limit_comes_back_to_the_list(
    client: Client,
    me: Shopper,
    assigned: AssignmentFactory,
    now: time_machine.Traveller,
    channel: str,
    last_moment: str,
    too_late: str,
) -> None:
    assigned(me, channel)
    client.post(f"{BASE}forsok/begynn/")
    now.move_to(oslo(last_moment))
    html = page(client, "/oppdrag/")
    assert "Svarfristen er ute" not in html
    assert "Neste: " not in html
    now.move_to(oslo(too_late))
    html = page(client, "/oppdrag/")
    assert "Svarfristen er ute" in html
    assert "Neste: " in html
    client.post(f"{BASE}forsok/avslutt/", {"result": "no_answer"})
    assert "Svarfristen er ute" not in page(client, "/oppdrag/")


def test_messengers_late_answer(
    client: Client, me: Shopper, assigned: AssignmentFactory, now: time_machine.Traveller
) -> None:
    assigned(me, Channel.MESSENGER)
    client.post(f"{BASE}forsok/begynn/")
    now.shift(1800)
    client.post(f"{BASE}forsok/avslutt/", {"result": "no_answer", "elapsed": "1800"})
    assert "sent svar" in page(client)
    now.shift(7200)
    html = client.post(f"{BASE}forsok/sent-svar/", {"answered_at": "2022-01-11T12:00"}, follow=True).content.decode()
    assert "Fyll ut skjemaet" in html
    assert Attempt.objects.get().wait_seconds == 7200


def test_a_mistake_can_be_taken_back(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    answered(assigned(me))
    assert "Start klokken" in client.post(f"{BASE}forsok/angre/", follow=True).content.decode()
    assert not Attempt.objects.exists()
    assert client.post(f"{BASE}forsok/angre/").status_code == 400


def asks_before_it_takes_back(html: str) -> str:
    """What the shopper is told before the press that takes an attempt back."""
    asked = re.search(r"<details>(?:(?!</details>).)*forsok/angre/(?:(?!</details>).)*</details>", html, re.DOTALL)
    assert asked, "the attempt is taken back without a question"
    return asked[0]


def test_taking_an_attempt_back_is_asked_about_and_says_what_goes(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    contact = assigned(me)
    client.post(f"{BASE}forsok/begynn/")
    assert "Tiden på klokken blir borte" in asks_before_it_takes_back(page(client))
    client.post(f"{BASE}forsok/avslutt/", {"result": "answered", "seconds": "5"})
    assert "Det du har skrevet i skjemaet, blir stående" in asks_before_it_takes_back(page(client))
    Contact.objects.filter(pk=contact.pk).update(outcome=Outcome.ANSWERED, wait=5, review=ReviewState.SUBMITTED)
    return_response(contact_id=contact.pk, by=None, note="Ta bort navnet.", at=TUESDAY)
    assert "gjelder ikke det du har levert" in asks_before_it_takes_back(page(client))


def test_taking_back_that_an_email_was_sent_says_that_it_is_to_be_told_anew(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    assigned(me, Channel.EMAIL)
    client.post(f"{BASE}forsok/begynn/")
    assert "Er meldingen sendt, må du si når på nytt." in asks_before_it_takes_back(page(client))


def test_a_returned_contact_whose_attempt_is_taken_back_is_to_be_made_anew(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    contact = answered(assigned(me))
    Contact.objects.filter(pk=contact.pk).update(outcome=Outcome.ANSWERED, wait=45, review=ReviewState.SUBMITTED)
    return_response(contact_id=contact.pk, by=None, note="Ta bort navnet.", at=TUESDAY)
    html = client.post(f"{BASE}forsok/angre/", follow=True).content.decode()
    assert "Gjør henvendelsen på nytt" in html
    assert "Ikke begynt" not in html


@pytest.mark.parametrize("sent", ["2022-01-12T09:00", "i går"])
def test_a_form_further_down_that_is_refused_says_so_on_top_and_has_the_focus(
    client: Client, me: Shopper, assigned: AssignmentFactory, sent: str
) -> None:
    assigned(me, Channel.EMAIL)
    html = client.post(f"{BASE}forsok/sendt/", {"started_at": sent}).content.decode()

    told = re.search(r'<p class="message message-error" role="alert">([^<]+)</p>', html)
    assert told
    assert html.index(told[0]) < html.index("<details open>") < html.rindex(told[1])
    focused = re.findall(r"<input[^>]*autofocus[^>]*>", html)
    assert len(focused) == 1
    assert 'name="started_at"' in focused[0]


def test_a_page_nothing_was_refused_on_moves_no_focus(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    assigned(me, Channel.EMAIL)
    assert "autofocus" not in page(client)


def test_a_message_too_long_to_hand_in_is_told_on_top(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    contact = assigned(me)
    for day in ("2022-01-10", "2022-01-11"):
        record_attempt(
            contact_id=contact.pk,
            started_at=oslo(f"{day} 09:00"),
            wait_seconds=300,
            result=AttemptResult.NO_ANSWER,
            at=TUESDAY,
        )
    given = {"submission_key": str(uuid.uuid4()), "revision": "0", "message": "x" * 6000}
    html = client.post(f"{BASE}lever/", given).content.decode()

    assert '<p class="message message-error" role="alert">Beskjeden har 6000 tegn' in html
    assert len(re.findall(r"<textarea[^>]*autofocus", html)) == 1


def mended(client: Client, **wait: str) -> str:
    """The page that answers a corrected wait."""
    return client.post(f"{BASE}forsok/rett/", wait).content.decode()


def test_a_wait_can_be_mended(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    answered(assigned(me), wait=45)
    client.post(f"{BASE}forsok/rett/", {"minutes": "0", "seconds": "54"})
    assert Attempt.objects.get().wait_seconds == 54
    refused = client.post(f"{BASE}forsok/rett/", {"minutes": "0", "seconds": "75"})
    assert refused.status_code == 400
    assert "Sekundene må være et helt tall fra 0 til 59." in refused.content.decode()
    assert "Minuttene må være et helt tall fra 0 til 15000." in mended(client, minutes="halvannet")


# Staying logged in ---------------------------------------------------------------------------------------------------

TWO_WEEKS = dt.timedelta(days=14)


def session_end(client: Client) -> dt.datetime:
    """When the session ends in the database."""
    return Session.objects.get(session_key=client.session.session_key).expire_date


def test_a_shopper_stays_logged_in_through_the_field_period(
    client: Client, me: Shopper, assigned: AssignmentFactory, now: time_machine.Traveller
) -> None:
    assigned(me)
    page(client, "/oppdrag/")
    last_day = me.edition.ends_on
    assert session_end(client).date() >= last_day + TWO_WEEKS
    assert int(client.cookies["sessionid"]["max-age"]) > (last_day - TUESDAY.date()).days * 86_400
    now.move_to(oslo("2022-02-04 10:00"))
    page(client)


def test_every_visit_moves_the_end_of_the_session(
    client: Client, me: Shopper, assigned: AssignmentFactory, now: time_machine.Traveller
) -> None:
    assigned(me)
    Edition.objects.update(ends_on=dt.date(2022, 1, 11))
    for _visit in range(4):
        page(client, "/oppdrag/")
        now.shift(dt.timedelta(days=10))
    assert session_end(client) > oslo("2022-02-20 10:00")


@pytest.mark.parametrize("other", [Role.LEADER, Role.REVIEWER, Role.PARTICIPANT])
def test_another_role_keeps_its_shorter_session(
    me: Shopper, assigned: AssignmentFactory, client_for: ClientFactory, other: Role
) -> None:
    assigned(me)
    assert me.user is not None
    RoleGrant.objects.create(user=me.user, role=other)
    client = client_for(me.user)
    before = session_end(client)
    page(client, "/oppdrag/")
    assert session_end(client) == before
    assert before <= TUESDAY + TWO_WEEKS


# The questionnaire --------------------------------------------------------------------------------------------------


def section(area: str) -> dict[str, object]:
    """A whole step's answers as a browser sends them."""
    codes = set(Question.objects.filter(area=area).values_list("code", flat=True))
    return {
        **{f"q-{code}": options for code, options in FULL_OPTIONS.items() if code in codes},
        **{f"q-{code}": value for code, value in FULL_VALUES.items() if code in codes},
    }


def test_the_whole_way_without_javascript(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    contact = answered(assigned(me))
    address = f"{BASE}skjema/velkomst/"
    for number, (area, path, after) in enumerate(
        (
            ("welcome", "velkomst", "kundebehandleren"),
            ("agent", "kundebehandleren", "totalinntrykk"),
            ("overall", "totalinntrykk", "opplevelse"),
            ("cx", "opplevelse", ""),
        )
    ):
        html = page(client, f"{BASE}skjema/{path}/")
        assert f"{number + 1} av 4" in html
        response = client.post(
            f"{BASE}skjema/{path}/", {"revision": number, f"c-{area}": f"Ord om {area}.", **section(area)}
        )
        address = response["Location"]
        assert address == (f"{BASE}skjema/{after}/" if after else f"{BASE}lever/")
    html = page(client, address)
    key = re.search(r'name="submission_key" value="([^"]+)"', html)
    assert key
    sent = {"submission_key": key[1], "revision": "4", "message": "Alt gikk fint."}
    for _press in range(2):
        response = client.post(address, sent, follow=True)
        assert "Takk, den er levert" in response.content.decode()
    contact.refresh_from_db()
    assert (contact.outcome, contact.review) == (Outcome.ANSWERED, ReviewState.SUBMITTED)
    assert contact.answers.count() == len(FULL_OPTIONS) + len(FULL_VALUES)
    assert contact.comments.count() == 3
    assert contact.review_events.count() == 1


def mark_on(html: str, field: str) -> str:
    """The mark of a field on a page: what the page was made with."""
    found = re.search(rf'name="seen-{field}" value="([0-9a-f]*)"', html)
    assert found
    return found[1]


def test_every_change_is_saved_at_once(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    answered(assigned(me))
    address = f"{BASE}skjema/velkomst/lagre/"
    saved = client.post(address, {"revision": 0, "field": "q-met", "q-met": "warm"}).json()
    mark = saved["fields"]["q-met"]["seen"]
    assert saved == {
        "message": "Lagret 10:00", "revision": 1, "fields": {"q-met": {"state": "saved", "seen": mark}}
    }  # fmt: skip
    saved = client.post(address, {"revision": 1, "field": "c-welcome", "c-welcome": "Hyggelig."})
    assert saved.json()["revision"] == 2
    html = page(client, f"{BASE}skjema/velkomst/")
    assert mark_on(html, "q-met") == mark
    saved = client.post(address, {"field": "q-met", "seen-q-met": mark})  # taken away
    assert saved.json()["revision"] == 3
    assert Response.objects.get().draft == {"options": {}, "values": {}, "comments": {"welcome": "Hyggelig."}}
    assert "Lagret 10:00" in page(client, f"{BASE}skjema/velkomst/")


def test_a_refused_answer_takes_no_other_with_it_and_nothing_else_is_said_saved(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    answered(assigned(me))
    sent = {"field": ["q-met", "c-welcome"], "q-met": "warm", "c-welcome": "x" * 5001}
    told = client.post(f"{BASE}skjema/velkomst/lagre/", {"revision": 0, **sent}).json()
    assert told["message"] == "Ikke alt er lagret"
    assert told["fields"]["q-met"]["state"] == "saved"
    assert told["fields"]["c-welcome"]["state"] == "refused"
    assert "kort den ned til høyst 5000" in told["fields"]["c-welcome"]["message"]
    assert Response.objects.get().draft == {"options": {"met": ["warm"]}, "values": {}, "comments": {}}


def test_two_tabs_of_different_answers_merge_without_scripts(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    contact = answered(assigned(me))
    address = f"{BASE}skjema/velkomst/"
    html = page(client, address)
    marks = {f"seen-{field}": mark_on(html, field) for field in ("q-met", "q-reach", "c-welcome")}
    save_draft(contact_id=contact.pk, options={"met": ["warm"]}, at=TUESDAY)
    sent = client.post(address, {"revision": 0, **marks, "q-reach": "easy", "c-welcome": ""})
    assert sent.status_code == 302
    assert Response.objects.get().draft["options"] == {"met": ["warm"], "reach": ["easy"]}


@pytest.mark.parametrize(("choice", "stands"), [("here", "cold"), ("there", "warm")])
def test_two_tabs_of_the_same_answer_ask_without_scripts(
    client: Client, me: Shopper, assigned: AssignmentFactory, choice: str, stands: str
) -> None:
    contact = answered(assigned(me))
    address = f"{BASE}skjema/velkomst/"
    html = page(client, address)
    marks = {f"seen-{field}": mark_on(html, field) for field in ("q-met", "q-reach", "c-welcome")}
    save_draft(contact_id=contact.pk, options={"met": ["warm"]}, at=TUESDAY)
    sent = {"revision": 0, **marks, "q-met": "cold", "q-reach": "easy", "c-welcome": "Dette skrev jeg."}
    asked = client.post(address, sent)
    html = asked.content.decode()
    assert asked.status_code == 409
    texts = dict(Option.objects.filter(question__code="met").values_list("code", "text_nb"))
    assert re.search(rf"Det som står her:\s*<strong>{texts['cold']}", html)
    assert re.search(rf"Det fra det andre vinduet:\s*<strong>{texts['warm']}", html)
    assert Response.objects.get().draft["options"] == {"met": ["warm"], "reach": ["easy"]}
    assert Response.objects.get().draft["comments"] == {"welcome": "Dette skrev jeg."}
    other = re.search(r'name="other-q-met" value="(\w+)"', html)
    assert other
    shown = {"q-met": "cold", "q-reach": "easy", "c-welcome": "Dette skrev jeg.", "other-q-met": other[1]}
    marks = {f"seen-{field}": mark_on(html, field) for field in ("q-met", "q-reach", "c-welcome")}
    assert client.post(address, {**marks, **shown}).status_code == 409, "no choice was made"
    assert client.post(address, {**marks, **shown, "keep-q-met": choice}).status_code == 302
    assert Response.objects.get().draft["options"]["met"] == [stands]


def test_what_changes_a_third_time_is_asked_about_again(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    contact = answered(assigned(me))
    address = f"{BASE}skjema/velkomst/"
    before = mark_on(page(client, address), "c-welcome")
    shown = save_draft(contact_id=contact.pk, comments={"welcome": "Andre."}, at=TUESDAY).content.mark("c-welcome")
    save_draft(contact_id=contact.pk, comments={"welcome": "Tredje."}, at=TUESDAY)
    sent = {"c-welcome": "Første.", "seen-c-welcome": before, "other-c-welcome": shown, "keep-c-welcome": "here"}
    again = client.post(address, sent)
    assert again.status_code == 409
    assert "Tredje." in again.content.decode()
    assert Response.objects.get().draft["comments"] == {"welcome": "Tredje."}


def test_a_conflict_told_to_a_page_says_both_answers(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    contact = answered(assigned(me))
    before = mark_on(page(client, f"{BASE}skjema/opplevelse/"), "q-nps")
    saved = save_draft(contact_id=contact.pk, values={"nps": 9}, at=TUESDAY)
    sent = {"field": "q-nps", "q-nps": "3", "seen-q-nps": before}
    told = client.post(f"{BASE}skjema/opplevelse/lagre/", sent).json()["fields"]["q-nps"]
    assert (told["state"], told["values"], told["other"]) == ("conflict", ["9"], saved.content.mark("q-nps"))
    assert re.search(r"Det som står her:\s*<strong>3<", told["html"])
    assert re.search(r"Det fra det andre vinduet:\s*<strong>9<", told["html"])
    heard = client.post(f"{BASE}skjema/opplevelse/lagre/", {**sent, "tried-q-nps": '["9"]'}).json()
    assert heard["fields"]["q-nps"]["state"] == "saved", "the page had sent the 9 itself, and heard nothing"


@pytest.mark.parametrize("nonsense", ["", "{", "9", '{"a": 1}', "[1]", "null"])
def test_nonsense_for_what_was_tried_is_harmless(
    client: Client, me: Shopper, assigned: AssignmentFactory, nonsense: str
) -> None:
    answered(assigned(me))
    sent = {"field": "q-nps", "q-nps": "3", "seen-q-nps": "nei", "tried-q-nps": nonsense}
    assert client.post(f"{BASE}skjema/opplevelse/lagre/", sent).json()["fields"]["q-nps"]["state"] == "conflict"


def test_a_comment_too_long_is_named_and_kept_on_the_page(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    answered(assigned(me))
    words = "Langt svar. " * 500
    response = client.post(f"{BASE}skjema/velkomst/", {"revision": 0, "q-met": "warm", "c-welcome": words})
    html = response.content.decode()
    assert response.status_code == 400
    assert "kort den ned til høyst 5000" in html
    assert words.strip() in html
    assert "Ikke alt er lagret" in html
    assert re.search(r'value="warm" checked', html)
    assert Response.objects.get().draft["options"] == {"met": ["warm"]}


@pytest.mark.parametrize("answer", ["12", "-3", "ti", "9" * 30, "9.5", "\x00"])
def test_a_scale_takes_its_own_numbers_only(
    client: Client, me: Shopper, assigned: AssignmentFactory, answer: str
) -> None:
    answered(assigned(me))
    response = client.post(f"{BASE}skjema/opplevelse/", {"revision": 0, "q-nps": answer})
    assert response.status_code == 400
    assert "velg et tall fra 0 til 10" in response.content.decode()


def test_a_step_of_another_channel_is_not_there(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    answered(assigned(me))
    page(client, f"{BASE}skjema/ventetid/", status=404)
    page(client, f"{BASE}skjema/ukjent/", status=404)


def test_the_questionnaire_opens_only_after_an_answer(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    assigned(me)
    for path in ("skjema/velkomst/", "lever/", "kvittering/"):
        response = client.get(BASE + path)
        assert (response.status_code, response["Location"]) == (302, BASE)


def test_multiple_answers_and_not_applicable(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    contact = answered(assigned(me))
    question = Question.objects.create(
        edition=contact.edition, code="name", area=Area.WELCOME, order=9, text_nb="Hilsen?", kind=QuestionKind.MULTI
    )
    for code in ("agent", "company", "na"):
        Option.objects.create(question=question, code=code, order=1, text_nb=code, not_applicable=code == "na")
    address = f"{BASE}skjema/velkomst/"
    refused = client.post(address, {"revision": 0, "q-name": ["agent", "na"]})
    assert refused.status_code == 400
    assert "kan ikke stå sammen" in refused.content.decode()
    assert client.post(address, {"revision": 0, "q-name": ["agent", "company"]}).status_code == 302
    assert page(client, address).count(" checked") == 2


# The last look ------------------------------------------------------------------------------------------------------


def test_the_summary_names_what_is_missing_and_links_to_it(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    contact = answered(assigned(me))
    save_draft(contact_id=contact.pk, revision=0, options={"met": ["warm"]}, at=TUESDAY)
    html = page(client, f"{BASE}lever/")
    assert f"{BASE}skjema/velkomst/#q-reach" in html
    assert "Gå til det som mangler" in html
    assert "spørsmål mangler svar" in html
    key = Response.objects.get().submission_key
    refused = client.post(f"{BASE}lever/", {"submission_key": str(key), "revision": 1})
    assert refused.status_code == 400
    assert "Svar på alle spørsmålene" in refused.content.decode()


def test_what_changed_in_another_tab_is_shown_before_it_is_handed_in(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    contact = answered(assigned(me))
    save_draft(contact_id=contact.pk, revision=0, options=FULL_OPTIONS, values=FULL_VALUES, at=TUESDAY)
    key = str(Response.objects.get().submission_key)
    save_draft(contact_id=contact.pk, revision=1, values={"nps": 3}, at=TUESDAY)
    sent = {"submission_key": key, "revision": 1, "message": "Alt gikk fint."}
    stale = client.post(f"{BASE}lever/", sent)
    html = stale.content.decode()
    assert stale.status_code == 400
    assert "annet vindu" in html
    assert "Alt gikk fint." in html
    assert 'name="revision" value="2"' in html
    assert "Takk" in client.post(f"{BASE}lever/", {**sent, "revision": 2}, follow=True).content.decode()


def test_no_answer_is_handed_in_with_a_word_to_the_leader(
    client: Client, me: Shopper, assigned: AssignmentFactory, now: time_machine.Traveller
) -> None:
    contact = assigned(me)
    for _day in range(2):
        client.post(f"{BASE}forsok/begynn/")
        now.shift(300)
        client.post(f"{BASE}forsok/avslutt/", {"result": "no_answer", "elapsed": "300"})
        now.shift(dt.timedelta(days=1))
    assert "Gå til innlevering" in page(client)
    html = page(client, f"{BASE}lever/")
    key = re.search(r'name="submission_key" value="([^"]+)"', html)
    assert key
    client.post(f"{BASE}lever/", {"submission_key": key[1], "revision": "0", "message": "Opptatt begge gangene."})
    contact.refresh_from_db()
    assert contact.outcome == Outcome.NO_ANSWER
    assert contact.review_events.get().note == "Opptatt begge gangene."


def test_a_message_too_long_stays_on_the_page(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    contact = answered(assigned(me))
    save_draft(contact_id=contact.pk, revision=0, options=FULL_OPTIONS, values=FULL_VALUES, at=TUESDAY)
    key = str(Response.objects.get().submission_key)
    words = "x" * 5001
    refused = client.post(f"{BASE}lever/", {"submission_key": key, "revision": 1, "message": words})
    assert refused.status_code == 400
    assert words in refused.content.decode()
    assert client.post(f"{BASE}lever/", {"submission_key": "nei", "revision": 1}).status_code == 400


def test_a_returned_response_opens_with_the_note_on_top(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    contact = answered(assigned(me))
    save_draft(contact_id=contact.pk, revision=0, options=FULL_OPTIONS, values=FULL_VALUES, at=TUESDAY)
    key = str(Response.objects.get().submission_key)
    client.post(f"{BASE}lever/", {"submission_key": key, "revision": 1})
    return_response(contact_id=contact.pk, by=None, note="Hvor lenge ventet du?", at=TUESDAY)
    Edition.objects.update(phase=Phase.REVIEW)
    for path in ("", "skjema/velkomst/", "lever/"):
        html = page(client, BASE + path)
        assert html.index("Hvor lenge ventet du?") < html.index("<form", html.index("<main"))
    assert re.search(r'value="warm" checked', page(client, f"{BASE}skjema/velkomst/"))
    again = page(client, f"{BASE}lever/")
    new_key = re.search(r'name="submission_key" value="([^"]+)"', again)
    assert new_key
    assert new_key[1] != key
    client.post(f"{BASE}lever/", {"submission_key": new_key[1], "revision": "2"})
    contact.refresh_from_db()
    assert contact.review == ReviewState.SUBMITTED


def test_an_imported_response_can_be_mended_too(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    contact = assigned(me)
    contact.answers.create(question=Question.objects.get(code="nps"), value=4)
    Contact.objects.filter(pk=contact.pk).update(outcome=Outcome.ANSWERED, wait=45, review=ReviewState.RETURNED)
    html = page(client)
    assert "Rett og lever på nytt" in html
    assert "Angre det siste forsøket" in html
    assert re.search(r'value="4" checked', page(client, f"{BASE}skjema/opplevelse/"))
    client.post(f"{BASE}skjema/opplevelse/", {"revision": 0, "q-nps": "7"})
    assert Response.objects.get().draft["values"] == {"nps": 7}


# What must never reach a shopper ------------------------------------------------------------------------------------


def test_points_and_weights_never_reach_the_browser(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    contact = answered(assigned(me))
    marks = ("73.123", "73,123", "61.457", "61,457", "88.321", "88,321")
    Option.objects.filter(code="warm").update(points="73.123")
    Edition.objects.update(weight_agent="61.457")
    contact.edition.wait_bands.filter(up_to=60).update(percent="88.321")
    seen = [
        client.get("/oppdrag/"),
        client.get(BASE),
        *(
            client.get(f"{BASE}skjema/{path}/")
            for path in ("velkomst", "kundebehandleren", "totalinntrykk", "opplevelse")
        ),
        client.post(f"{BASE}skjema/velkomst/lagre/", {"revision": 0, "field": "q-met", "q-met": "warm"}),
        client.get(f"{BASE}lever/"),
        client.post(f"{BASE}lever/", {"revision": 1}),
    ]
    for response in seen:
        text = response.content.decode()
        assert response.status_code in (200, 400)
        assert not [mark for mark in marks if mark in text]
        assert not re.search(r"poeng|points?\b|weight|vekt\b|percent", text.split("</head>")[-1], re.IGNORECASE)


def test_options_stand_in_the_leaders_order_not_in_the_order_of_their_points(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    answered(assigned(me))
    for order, (code, points) in enumerate((("routine", 1), ("cold", 0), ("warm", 2))):
        Option.objects.filter(question__code="met", code=code).update(order=order, points=points)
    html = page(client, f"{BASE}skjema/velkomst/")
    assert re.findall(r'name="q-met" value="(\w+)"', html) == ["routine", "cold", "warm"]


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    "press", ["forsok/begynn", "forsok/sendt", "forsok/avslutt", "forsok/etterpa", "forsok/rett", "forsok/angre"]
)
def test_a_press_read_again_leads_to_the_contact(
    client: Client, me: Shopper, assigned: AssignmentFactory, prefix: str, press: str
) -> None:
    """In another language, from a tab opened again, or by the arrow back."""
    assigned(me)

    answer = client.get(f"{prefix}{BASE}{press}/", follow=True, headers={"Accept": "text/html"})

    assert (answer.status_code, answer.redirect_chain[-1][0]) == (200, f"{prefix}{BASE}")


def test_what_nobody_had_begun_when_the_field_period_ended_is_not_offered(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    assigned(me, week="2022-W02")
    begun = assigned(me, week="2022-W02", code="c0002")
    record_attempt(contact_id=begun.pk, started_at=TUESDAY, result=AttemptResult.NOT_QUEUED, at=TUESDAY)
    Edition.objects.update(phase=Phase.REVIEW)

    html = page(client, "/oppdrag/")

    assert "Ett oppdrag ble ikke begynt, og kan ikke begynnes nå" in html
    assert "/oppdrag/ksp-2022/c0001/" not in html
    assert "/oppdrag/ksp-2022/c0002/" in html


def test_what_is_begun_and_tried_by_nobody_can_still_be_finished_after_the_field_period(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    """The list and the guard mean the same by begun: an attempt taken back leaves what was written."""
    contact = answered(assigned(me, week="2022-W02"))
    save_draft(contact_id=contact.pk, revision=0, options={"met": ["warm"]}, at=TUESDAY)
    undo_attempt(contact_id=contact.pk)
    Edition.objects.update(phase=Phase.REVIEW)

    html = page(client, "/oppdrag/")

    assert "ble ikke begynt" not in html
    assert "/oppdrag/ksp-2022/c0001/" in html


def test_a_week_that_is_over_is_spoken_of_as_over(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    assigned(me, week="2022-W01")

    html = page(client, BASE)

    assert "Oppdraget var planlagt til uke 1. Det er ikke for sent å ta det nå." in html
    assert "Gjør det helst da" not in html


def test_when_an_answer_came_stands_beside_when_the_email_was_sent(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    contact = assigned(me, Channel.EMAIL)
    record_attempt(
        contact_id=contact.pk,
        started_at=oslo("2022-01-10 09:42"),
        answered_at=oslo("2022-01-11 09:30"),
        result=AttemptResult.ANSWERED,
        at=TUESDAY,
    )

    html = page(client, BASE)

    assert "sendt mandag 10. januar kl. 09.42, svaret kom tirsdag 11. januar kl. 09.30" in html


def test_a_call_begins_and_is_not_sent(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    answered(assigned(me))
    html = page(client)
    assert "tirsdag 11. januar kl. 10.00, ventet 45\u00a0s" in html
    assert "sendt" not in html


@pytest.mark.parametrize(
    ("path", "code", "plain", "telling", "hint"),
    [
        (
            "velkomst",
            "met",
            "Hva var med?",
            "Hva var med? Kryss av for alt som stemmer.",
            "Kryss av for alt som passer.",
        ),
        (
            "opplevelse",
            "ces",
            "Hvor lett var det?",
            "Hvor lett var det? (1 = vanskelig)",
            "1 er lavest og 7 er høyest.",
        ),
    ],
)
def test_how_to_answer_is_said_once(
    client: Client, me: Shopper, assigned: AssignmentFactory, path: str, code: str, plain: str, telling: str, hint: str
) -> None:
    answered(assigned(me))
    asked = Question.objects.filter(code=code)
    if code == "met":
        asked.update(kind=QuestionKind.MULTI)
    for text, is_hinted in ((plain, True), (telling, False)):
        asked.update(text_nb=text)
        html = page(client, f"{BASE}skjema/{path}/")
        own = html[html.index(text) :].split("</fieldset>")[0]
        assert (hint in own) is is_hinted


@pytest.mark.parametrize(
    ("channel", "offered", "not_offered"),
    [
        (Channel.TELEPHONE, ("Feil nummer", "Kom ikke i kø", "Køen var stengt"), ()),
        (Channel.CHAT, ("Kom ikke i kø", "Køen var stengt"), ("Feil nummer",)),
        (Channel.MESSENGER, ("Ikke svar",), ("Feil nummer", "Kom ikke i kø", "Køen var stengt", "Ga du deg før tiden")),
    ],
)
def test_only_what_can_happen_on_a_channel_is_offered(
    client: Client,
    me: Shopper,
    assigned: AssignmentFactory,
    channel: str,
    offered: tuple[str, ...],
    not_offered: tuple[str, ...],
) -> None:
    assigned(me, channel)
    html = page(client)
    assert [word for word in offered if word not in html] == []
    assert [word for word in not_offered if word in html] == []


def test_a_chat_given_up_early_is_not_asked_about_a_number(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    assigned(me, Channel.CHAT)
    client.post(f"{BASE}forsok/begynn/")
    html = client.post(f"{BASE}forsok/avslutt/", {"result": "no_answer", "seconds": "3"}).content.decode()
    assert "Køen var stengt" in html
    assert "Feil nummer" not in html


def test_messenger_is_told_afterwards_without_a_reason(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    assigned(me, Channel.MESSENGER)
    told = {"started_at": "2022-01-11T09:10", "result": "no_answer"}
    assert client.post(f"{BASE}forsok/etterpa/", told).status_code == 302
    assert client.post(f"{BASE}forsok/etterpa/", {**told, "result": "not_queued"}).status_code == 400


@pytest.mark.parametrize(
    ("ways", "button"),
    [
        (("email",), "Jeg har sendt e-posten"),
        (("contact_form",), "Jeg har sendt skjemaet"),
        (("email", "contact_form"), "Jeg har sendt henvendelsen"),
    ],
)
def test_what_was_sent_is_called_what_it_is(
    client: Client, me: Shopper, assigned: AssignmentFactory, ways: tuple[str, ...], button: str
) -> None:
    contact = assigned(me, Channel.EMAIL)
    contact.participant.contact_points.all().delete()
    for kind in ways:
        contact.participant.contact_points.create(kind=kind, address="https://fjell.example/")
    html = page(client)
    assert button in html
    assert html.count("Jeg har sendt") == 1


NOT_NOW = "Henvendelser gjøres på virkedager mellom kl. 09.00 og 15.00."


@pytest.mark.parametrize(
    ("channel", "moment", "told"),
    [
        (Channel.TELEPHONE, "2022-01-11 01:09", NOT_NOW),
        (Channel.CHAT, "2022-01-15 10:00", NOT_NOW),
        (Channel.MESSENGER, "2022-01-11 15:00", NOT_NOW),
        (Channel.TELEPHONE, "2022-01-11 14:59", ""),
        (Channel.EMAIL, "2022-01-16 10:00", "regnes som sendt neste virkedag"),
        (Channel.EMAIL, "2022-01-11 12:00", "regnes som sendt neste virkedag"),
        (Channel.EMAIL, "2022-01-11 11:59", ""),
    ],
)
def test_a_time_the_rules_would_not_have_is_warned_of_and_not_refused(
    me: Shopper,
    client_for: ClientFactory,
    assigned: AssignmentFactory,
    now: time_machine.Traveller,
    channel: str,
    moment: str,
    told: str,
) -> None:
    assigned(me, channel)
    now.move_to(oslo(moment))
    assert me.user is not None
    client = client_for(me.user)
    html = page(client)
    assert [words for words in (NOT_NOW, "regnes som sendt neste virkedag") if words in html] == (
        [told] if told else []
    )
    assert client.post(f"{BASE}forsok/begynn/").status_code == 302


def test_an_email_sent_on_a_day_off_says_from_when_it_counts(
    client: Client, me: Shopper, assigned: AssignmentFactory, now: time_machine.Traveller
) -> None:
    assigned(me, Channel.EMAIL)
    now.move_to(oslo("2022-01-17 09:00"))
    client.post(f"{BASE}forsok/sendt/", {"started_at": "2022-01-16T10:00"})
    assert "Sendt søndag 16. januar kl. 10.00. Den regnes som sendt mandag 17. januar." in " ".join(
        page(client).split()
    )


def test_a_call_at_night_stays_marked(client: Client, me: Shopper, assigned: AssignmentFactory) -> None:
    contact = assigned(me)
    for began, told in (("2022-01-11 09:30", False), ("2022-01-11 01:09", True)):
        Attempt.objects.filter(contact=contact).delete()
        record_attempt(
            contact_id=contact.pk, started_at=oslo(began), wait_seconds=45, result=AttemptResult.ANSWERED, at=TUESDAY
        )
        assert ("Gjort på en fridag, eller ikke mellom kl. 09.00 og 15.00." in page(client)) is told


# Answers that contradict each other ----------------------------------------------------------------------------------


def several_of(*options: str) -> None:
    """Let «met» be a question of which several answers may be ticked, with these."""
    asked = Question.objects.get(code="met")
    Question.objects.filter(pk=asked.pk).update(kind=QuestionKind.MULTI)
    asked.options.all().delete()
    for order, text in enumerate(options):
        Option.objects.create(question=asked, code=f"o{order}", text_nb=text, order=order)


@pytest.mark.parametrize(
    ("ticked", "is_doubtful"), [(["o0", "o2"], True), (["o0", "o1"], False), (["o2"], False), (["o3", "o0"], True)]
)
def test_a_no_ticked_beside_something_else_is_asked_about_and_may_be_handed_in(
    client: Client, me: Shopper, assigned: AssignmentFactory, ticked: list[str], is_doubtful: bool
) -> None:
    several_of("Navnet på selskapet", "Nedtoning av navnet", "Ingen av delene", "Nei")
    contact = answered(assigned(me))
    save_draft(contact_id=contact.pk, options={**FULL_OPTIONS, "met": ticked}, values=FULL_VALUES, at=TUESDAY)

    html = page(client, f"{BASE}lever/")
    assert ("svarene ser ut til å motsi hverandre" in html) is is_doubtful
    assert (f"{BASE}skjema/velkomst/#q-met" in html) is is_doubtful
    given = dict(re.findall(r'name="(submission_key|revision)" value="([^"]+)"', html))
    assert client.post(f"{BASE}lever/", given).status_code == 302
    contact.refresh_from_db()
    assert contact.review == ReviewState.SUBMITTED


def test_what_is_not_applicable_beside_something_else_is_refused(
    client: Client, me: Shopper, assigned: AssignmentFactory
) -> None:
    several_of("Navnet på selskapet", "Ikke aktuelt")
    Option.objects.filter(code="o1", question__code="met").update(not_applicable=True)
    answered(assigned(me))
    refused = client.post(f"{BASE}skjema/velkomst/", {"q-met": ["o0", "o1"], "revision": 0, "seen-q-met": ""})
    assert refused.status_code == 400
    assert "kan ikke stå sammen med andre svar" in refused.content.decode()
