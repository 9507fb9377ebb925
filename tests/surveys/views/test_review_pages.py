"""The review on the screen: what to look at, approving together, taking over, and annulling with its way back."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from kundeservice.core.models import AuditEvent, Role, User
from surveys.models import (
    Attempt,
    AttemptResult,
    Channel,
    Contact,
    Edition,
    Outcome,
    Participant,
    Phase,
    ReviewState,
    ShortTryReason,
)
from surveys.services import ask_to_void, return_response, save_draft, undo_attempt
from surveys.services.approving import MOST_UNCONFIRMED
from surveys.services.voiding import lift_voiding
from tests import factories
from tests.conftest import ClientFactory, PersonFactory
from tests.pages import seen_on
from tests.surveys.conftest import annul, oslo

AT = oslo("2022-01-20 09:00")
WHY = "Mystery shopperen er kunde der."


@pytest.fixture
def desk(reviewer: User, client_for: ClientFactory) -> Client:
    return client_for(reviewer)


@pytest.fixture
def office(leader: User, client_for: ClientFactory) -> Client:
    leader.role_grants.update(granted_at=AT - dt.timedelta(days=9))
    return client_for(leader)


@pytest.fixture
def colleague(person: PersonFactory, client_for: ClientFactory) -> Client:
    someone = person(Role.LEADER, email="kollega@example.test", display_name="Kari Kollega")
    someone.role_grants.update(granted_at=AT - dt.timedelta(days=9))
    return client_for(someone)


def queue_of(edition: Edition) -> str:
    return f"/kontor/{edition.code}/gjennomgang/"


def sheet_of(contact: Contact) -> str:
    return f"{queue_of(contact.edition)}{contact.code}/"


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def attempted(contact: Contact, **facts: object) -> None:
    given = {"started_at": AT, "wait_seconds": 40, "result": AttemptResult.ANSWERED, **facts}
    Attempt.objects.create(contact=contact, number=1, **given)


# Attempts out of the ordinary ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"told_afterwards": True}, "Meldt i etterkant, uten klokke."),
        ({"clock_seconds": 95}, "Klokken viste 1 min 35 s; mystery shopperen skrev ventetiden selv."),
        (
            {"result": AttemptResult.NO_ANSWER, "reason": ShortTryReason.WRONG_NUMBER},
            "Ga seg før tiden: Feil nummer",
        ),
    ],
)
def test_an_attempt_out_of_the_ordinary_is_marked_in_the_queue_and_told_on_the_sheet(
    handed_in: Contact, participant: Participant, desk: Client, facts: dict[str, object], told: str
) -> None:
    plain = factories.make_contact(participant, review=ReviewState.SUBMITTED, code="helt-vanlig")
    attempted(handed_in, **facts)
    attempted(plain)

    rows = re.findall(r"<tr>.*?</tr>", text_of(desk, queue_of(handed_in.edition)), re.DOTALL)
    marked = [row for row in rows if "se på forsøkene" in row]

    assert [handed_in.code in row for row in marked] == [True]
    assert told in " ".join(text_of(desk, sheet_of(handed_in)).split())
    assert told not in " ".join(text_of(desk, sheet_of(plain)).split())


# Approving together --------------------------------------------------------------------------------------------------


def test_the_gate_says_what_is_clean_and_why_the_rest_is_read(
    handed_in: Contact, participant: Participant, desk: Client
) -> None:
    for code in ("rein-1", "rein-2"):
        factories.make_contact(participant, review=ReviewState.SUBMITTED, code=code)
    gate = f"/kontor/{handed_in.edition.code}/godkjenn-samlet/"
    assert gate in text_of(desk, queue_of(handed_in.edition))

    page = text_of(desk, gate)
    assert "2 av 3 som venter, er helt i orden" in page
    assert "1 har en kommentar, der det kan stå navn" in page
    answer = desk.post(gate, {"without": ["rein-2"], **seen_on(desk, gate)}, follow=True)

    assert "1 besvarelse er godkjent." in answer.content.decode()
    assert set(Contact.objects.awaiting_review().values_list("code", flat=True)) == {handed_in.code, "rein-2"}
    assert AuditEvent.objects.get(action="response.approved").actor.display_name == "Knut Kontroll"  # type: ignore[union-attr]


def test_the_gate_names_what_a_colleague_changed_and_leaves_it(
    participant: Participant, desk: Client, leader: User
) -> None:
    first, _second = (
        factories.make_contact(participant, review=ReviewState.SUBMITTED, code=f"rein-{number}") for number in (1, 2)
    )
    gate = f"/kontor/{participant.edition.code}/godkjenn-samlet/"
    seen = seen_on(desk, gate)
    return_response(contact_id=first.pk, by=leader, note="Se på ventetiden.", at=AT)
    answer = desk.post(gate, seen, follow=True)
    assert "og latt stå: rein-1." in answer.content.decode()
    first.refresh_from_db()
    assert first.review == ReviewState.RETURNED


def test_many_are_not_approved_before_the_list_is_said_to_be_looked_over(
    participant: Participant, desk: Client
) -> None:
    codes = [f"rein-{number}" for number in range(MOST_UNCONFIRMED + 2)]
    for code in codes:
        factories.make_contact(participant, quality=None, review=ReviewState.SUBMITTED, code=code)
    gate = f"/kontor/{participant.edition.code}/godkjenn-samlet/"
    seen = seen_on(desk, gate)

    refused = desk.post(gate, {"without": codes[:1], **seen})

    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Se over listen, og kryss av for at du har gjort det." in page
    assert f'value="{codes[0]}" id="w-{codes[0]}" checked' in page, "what was ticked is still ticked"
    assert (
        "besvarelser er godkjent."
        in desk.post(gate, {"without": codes[:1], "confirmed": "on", **seen}, follow=True).content.decode()
    )


def test_the_gate_narrows_to_a_channel(participant: Participant, desk: Client) -> None:
    for channel in (Channel.TELEPHONE, Channel.EMAIL):
        factories.make_contact(participant, channel, review=ReviewState.SUBMITTED, code=f"c-{channel}")
    gate = f"/kontor/{participant.edition.code}/godkjenn-samlet/"
    page = text_of(desk, f"{gate}?kontaktmate=email")
    assert ("c-email" in page, "c-telephone" in page) == (True, False)
    desk.post(gate, {"kontaktmate": "email", **seen_on(desk, gate)})
    assert list(Contact.objects.awaiting_review().values_list("code", flat=True)) == ["c-telephone"]


# Taking over ---------------------------------------------------------------------------------------------------------


def test_a_returned_response_is_taken_over_from_its_sheet(handed_in: Contact, desk: Client, leader: User) -> None:
    return_response(contact_id=handed_in.pk, by=leader, note="Se på ventetiden.", at=AT)
    save_draft(contact_id=handed_in.pk, comments={"agent": "Ola var flink."}, at=AT)
    page = text_of(desk, sheet_of(handed_in))
    assert "Mystery shopperen er i gang med å rette" in page
    assert "Ola var flink." in page

    given = {"decision": "take_over", **seen_on(desk, sheet_of(handed_in))}
    refused = desk.post(f"{sheet_of(handed_in)}avgjor/", given)
    assert (refused.status_code, "Skriv hvorfor" in refused.content.decode()) == (422, True)
    answer = desk.post(f"{sheet_of(handed_in)}avgjor/", {**given, "note": "Hun svarer ikke."}, follow=True)

    page = answer.content.decode()
    assert "er tatt over, og venter på gjennomgang." in page
    assert "Skrevet av mystery shopperen, og teller ikke" in page
    assert "Godkjenn og gå videre" in page
    handed_in.refresh_from_db()
    assert handed_in.review == ReviewState.SUBMITTED


# Annulling -----------------------------------------------------------------------------------------------------------


def test_a_leader_asks_another_agrees_and_it_can_be_taken_back(
    handed_in: Contact, office: Client, colleague: Client
) -> None:
    address = f"{sheet_of(handed_in)}annuller/"
    assert address in text_of(office, sheet_of(handed_in))
    page = " ".join(text_of(office, address).split())
    assert "en annen prosjektleder må være enig" in page
    assert "Det trengs 20 for å få plass på listen." in page
    assert "Det er for få, hvis ikke en ny henvendelse planlegges." in page

    given = {"reason": "customer", "note": WHY, **seen_on(office, address)}
    answer = office.post(address, given, follow=True)
    assert "venter på en kollega" in answer.content.decode()
    assert "En kollega må godkjenne." in answer.content.decode()
    waiting = text_of(colleague, f"/kontor/{handed_in.edition.code}/annullerte/")
    assert "Venter på en kollega" in waiting

    page = text_of(colleague, address)
    reply = re.search(r'action="([^"]+/svar/)"', page)
    assert reply
    done = colleague.post(reply[1], {"answer": "agree", **seen_on(colleague, address)}, follow=True)
    assert "er annullert." in done.content.decode()
    handed_in.refresh_from_db()
    assert handed_in.outcome == Outcome.VOID
    assert WHY in text_of(office, f"/kontor/{handed_in.edition.code}/annullerte/")

    lift = {"note": "Det var en annen.", **seen_on(office, address)}
    back = office.post(f"{sheet_of(handed_in)}ta-tilbake/", lift, follow=True)
    assert "er tilbake." in back.content.decode()
    handed_in.refresh_from_db()
    assert (handed_in.outcome, handed_in.review) == (Outcome.ANSWERED, ReviewState.SUBMITTED)


def test_a_reviewer_sees_no_way_to_annul(handed_in: Contact, desk: Client) -> None:
    assert "annuller" not in text_of(desk, sheet_of(handed_in))
    assert desk.get(f"{sheet_of(handed_in)}annuller/").status_code == 403


def test_a_form_without_a_reason_keeps_what_was_typed(handed_in: Contact, office: Client) -> None:
    address = f"{sheet_of(handed_in)}annuller/"
    answer = office.post(address, {"note": WHY, **seen_on(office, address)})
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert f"{WHY}</textarea>" in answer.content.decode()


def test_whoever_comes_later_is_told(handed_in: Contact, office: Client, reviewer: User) -> None:
    address = f"{sheet_of(handed_in)}annuller/"
    seen = seen_on(office, address)
    return_response(contact_id=handed_in.pk, by=reviewer, note="Se på ventetiden.", at=AT)
    answer = office.post(address, {"reason": "customer", "note": WHY, **seen})
    assert answer.status_code == 409
    assert "Knut Kontroll: Sendte en besvarelse tilbake" in answer.content.decode()
    assert f"{WHY}</textarea>" in answer.content.decode()


def test_an_answer_in_another_edition_is_not_there(handed_in: Contact, office: Client, leader: User) -> None:
    asked = ask_to_void(contact_id=handed_in.pk, reason="other", note=WHY, by=leader, at=AT)
    other = factories.make_edition("annen")
    assert office.post(f"/kontor/{other.code}/annullerte/{asked.pk}/svar/", {"answer": "agree"}).status_code == 404
    assert office.post(f"/kontor/{handed_in.edition.code}/annullerte/{asked.pk}/svar/", {}).status_code == 404


def test_after_the_lock_the_pages_show_and_offer_nothing(handed_in: Contact, office: Client) -> None:
    annul(handed_in, note=WHY, at=AT)
    shut = factories.make_contact(handed_in.participant, review=ReviewState.SUBMITTED, code="sent")
    Edition.objects.update(phase=Phase.LOCKED)
    page = text_of(office, f"{sheet_of(handed_in)}annuller/")
    assert "Årgangen er låst" in page
    assert "ta-tilbake" not in page
    queue, sheet = text_of(office, queue_of(handed_in.edition)), text_of(office, sheet_of(shut))
    assert "Begynn øverst" not in queue
    assert "Godkjenn samlet" not in queue
    assert "ikke godkjennes eller sendes tilbake" in queue
    assert "Årgangen er låst, så besvarelsen kan leses, men ikke endres." in sheet
    assert f'href="/kontor/{handed_in.edition.code}/resultater/#lock"' in sheet
    assert "ingen flere besvarelser kommer hit" in text_of(office, f"{queue_of(handed_in.edition)}?tilstand=returned")
    assert "Ingenting kan godkjennes nå" in text_of(office, f"/kontor/{handed_in.edition.code}/godkjenn-samlet/")


# Edits of comments ---------------------------------------------------------------------------------------------------


def test_an_edited_comment_goes_back_with_the_response(handed_in: Contact, desk: Client) -> None:
    sheet = sheet_of(handed_in)
    given = {"decision": "return", "note": "Se på ventetiden.", "comment-agent": "Flink.", **seen_on(desk, sheet)}
    desk.post(f"{sheet}avgjor/", given)
    page = text_of(desk, sheet)
    assert ">Flink.</textarea>" in page
    assert '<p class="comment">Kari var flink.</p>' in page


@pytest.mark.parametrize("typed", ["Flink.", ""])
def test_an_edit_is_still_on_the_page_when_the_note_is_missing(handed_in: Contact, desk: Client, typed: str) -> None:
    sheet = sheet_of(handed_in)
    given = {"decision": "return", "note": "", "comment-agent": typed, **seen_on(desk, sheet)}
    answer = desk.post(f"{sheet}avgjor/", given)
    assert answer.status_code == 422
    assert f">{typed}</textarea>" in answer.content.decode().split('name="comment-agent"')[1][:120]


# Annulments on the sheet ---------------------------------------------------------------------------------------------


def test_a_wish_to_annul_stands_on_the_sheet_and_in_the_queue_and_comes_before_approving(
    handed_in: Contact, office: Client, colleague: Client, leader: User
) -> None:
    primary = 'class="btn btn-primary" name="decision" value="approve"'
    assert primary in text_of(colleague, sheet_of(handed_in))
    ask_to_void(contact_id=handed_in.pk, reason="customer", note=WHY, by=leader, at=AT)

    theirs, own = text_of(colleague, sheet_of(handed_in)), text_of(office, sheet_of(handed_in))

    assert "Liv Leder ba om det" in theirs
    assert "Svar på ønsket" in theirs
    assert "Se ønsket" in own
    for page in (theirs, own):
        assert WHY in page
        assert primary not in page
        assert "Annuller henvendelsen …" not in page
    assert "bedt annullert" in text_of(colleague, queue_of(handed_in.edition))


def test_the_history_tells_of_an_annulment_and_of_its_end(handed_in: Contact, office: Client, leader: User) -> None:
    annul(handed_in, note=WHY, at=AT)
    history = text_of(office, sheet_of(handed_in)).split("Hva som har skjedd")[1]
    assert "Annullert, " in history
    assert WHY in history
    lift_voiding(contact_id=handed_in.pk, by=leader, note="Feil henvendelse.", at=AT)
    assert "Annulleringen tatt tilbake" in text_of(office, sheet_of(handed_in))


def test_classes_stand_in_alphabetical_order_whatever_their_capitals(edition: Edition, office: Client) -> None:
    for code, name in (("tv", "TV"), ("transport", "Transport"), ("aapen", "Åpen klasse"), ("oere", "Ørefly")):
        factories.make_participant(factories.make_class(edition, code, name), f"Hos {name}", code=f"p-{code}")
    page = text_of(office, f"/kontor/{edition.code}/deltakere/")
    names = re.findall(r"<td>(TV|Transport|Åpen klasse|Ørefly)</td>", page)
    assert names == ["Transport", "TV", "Ørefly", "Åpen klasse"]


def test_a_returned_response_whose_attempt_is_taken_back_is_told_as_one_to_come_again(
    desk: Client, handed_in: Contact
) -> None:
    return_response(contact_id=handed_in.pk, by=None, note="Se på ventetiden.", at=AT)
    assert "Ta over til gjennomgang" in text_of(desk, sheet_of(handed_in))
    undo_attempt(contact_id=handed_in.pk)

    html = text_of(desk, sheet_of(handed_in))

    assert "har tatt tilbake forsøket" in html
    assert "gjøres på nytt" in html
    assert "ikke gjort ennå" not in html
    assert "Ta over til gjennomgang" not in html
