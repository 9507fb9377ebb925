"""A button says one of the words its page has. Any other word, and none at all, is a 404 – never the other choice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from kundeservice.core.models import AuditEvent, Job, User
from surveys.models import Contact, LeaderRequest, ReviewState, Voiding
from surveys.services import ask_to_view_results
from tests.conftest import ClientFactory
from tests.factories import AT, believable_edition

PRESSES = {
    "gjennomgang/{contact}/avgjor/": ("decision", {"note": "Rett svaret."}),
    "annullerte/{voiding}/svar/": ("answer", {}),
    "segl/{request}/": ("answer", {}),
    "segl/": ("kind", {"reason": "Jeg vil se."}),
    "segl/antall/": ("viewers", {}),
    "fase/": ("step", {"reason": "Vi er ferdige."}),
    "pakke/": ("ending", {}),
}
"""Address below the edition → the name of the button, and what else its form sends."""


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def keys(db: None, leader: User) -> dict[str, object]:
    edition = believable_edition(classes=1, participants=1, contacts=2)
    contact = Contact.objects.filter(edition=edition, outcome="answered").earliest("pk")
    Contact.objects.filter(pk=contact.pk).update(review=ReviewState.SUBMITTED)
    asked = ask_to_view_results(edition_id=edition.pk, by=leader, reason="Kontroll.", at=AT)
    voiding = Voiding.objects.create(contact=contact, note="Feil", asked_at=AT)
    return {"edition": edition.code, "contact": contact.code, "request": asked.pk, "voiding": voiding.pk}


@pytest.fixture
def office(leader: User, client_for: ClientFactory) -> Client:
    return client_for(leader)


@pytest.mark.parametrize("word", [None, "", "nonsense", "AGREE", "returnér"])
@pytest.mark.parametrize("path", PRESSES)
def test_nothing_is_done(office: Client, keys: dict[str, object], path: str, word: str | None) -> None:
    name, typed = PRESSES[path]
    said = {} if word is None else {name: word}
    before = AuditEvent.objects.count()

    response = office.post(f"/kontor/{keys['edition']}/{path.format(**keys)}", {"seen": "999999", **typed, **said})

    assert response.resolver_match.func is not None, "a page of ours"
    assert response.status_code == 404
    assert AuditEvent.objects.count() == before
    assert not Job.objects.exists()
    assert Contact.objects.get(code=keys["contact"]).review == ReviewState.SUBMITTED
    assert LeaderRequest.objects.waiting().count() == Voiding.objects.waiting().count() == 1


def test_a_channel_nobody_knows_does_not_approve_every_channel(office: Client, keys: dict[str, object]) -> None:
    response = office.post(f"/kontor/{keys['edition']}/godkjenn-samlet/", {"seen": "999999", "kontaktmate": "telegraf"})
    assert response.status_code == 404
    assert Contact.objects.get(code=keys["contact"]).review == ReviewState.SUBMITTED
