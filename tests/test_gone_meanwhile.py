"""Two leaders reach for the same thing, and the first takes it away: the second is told so, and nothing breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
import time_machine
from django.test import Client

from kundeservice.core.models import Role
from shoppers.models import Assignment, PlanProposal, Relation, Shopper
from surveys.models import Contact, Edition, Participant, Voiding
from tests import factories
from tests.conftest import ClientFactory
from tests.meanwhile import meanwhile
from tests.shoppers.conftest import (  # noqa: F401  # what the fixtures here stand on
    AssignmentFactory,
    assigned,
    edition,
    oslo,
    participants,
    pool,
    shopper_of,
)

NOW = oslo("2022-01-12 10:00")
TOLD = "Noen andre har nettopp tatt dette bort"


def the_contact() -> None:
    Contact.objects.all().delete()


def the_shopper() -> None:
    Assignment.objects.all().delete()
    Shopper.objects.filter(code="s1").delete()


def the_relation() -> None:
    Relation.objects.all().delete()


def the_participant() -> None:
    Contact.objects.all().delete()
    Relation.objects.all().delete()
    Participant.objects.filter(code="fjord").delete()


def the_proposal() -> None:
    PlanProposal.objects.all().delete()


@dataclass(frozen=True)
class Press:
    """A press in the office, and what somebody else takes away before it. `{…}` in the path are keys of the rows."""

    path: str
    gone: Callable[[], None]
    typed: dict[str, str] = field(default_factory=dict)


SHOPPER = "shoppere/s1/"
PRESSES = (
    Press("plan/c0001/flytt/", the_contact, {"day": "2022-01-26", "window": "09-11"}),
    Press("plan/c0001/flytt/", the_contact, {"week": "2022-W05"}),
    Press("plan/c0001/ta-tilbake/", the_contact),
    Press("gjennomgang/c0001/avgjor/", the_contact, {"decision": "return", "note": "Rett svaret."}),
    Press("gjennomgang/c0001/avgjor/", the_contact, {"decision": "approve"}),
    Press("gjennomgang/c0001/annuller/", the_contact, {"reason": "other", "note": "Feil deltaker."}),
    Press("gjennomgang/c0001/ta-tilbake/", the_contact, {"note": "Riktig likevel."}),
    Press("annullerte/{voiding}/svar/", the_contact, {"answer": "agree"}),
    Press(f"{SHOPPER}faller-fra/", the_shopper, {"from_day": "2022-01-26"}),
    Press(f"{SHOPPER}blir/", the_shopper),
    Press(f"{SHOPPER}forhold/", the_shopper, {"participant": "fjord", "kind": "customer"}),
    Press(f"{SHOPPER}forhold/", the_participant, {"participant": "fjord", "kind": "customer"}),
    Press("shoppere/s2/forhold/{relation}/fjern/", the_relation),
    Press("plan/forslag/{proposal}/ta-i-bruk/", the_proposal),
    Press("plan/forslag/{proposal}/forkast/", the_proposal),
)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def keys(
    transactional_db: None,
    edition: Edition,  # noqa: F811
    pool: list[Shopper],  # noqa: F811
    assigned: AssignmentFactory,  # noqa: F811
) -> dict[str, int]:
    contact = assigned(pool[0], week="2022-W04")
    relation = Relation.objects.create(shopper=pool[1], participant=contact.participant, kind="customer")
    proposal = PlanProposal.objects.create(edition=edition, created_at=NOW, seed=1, input_digest="")
    voiding = Voiding.objects.create(contact=contact, note="Feil", asked_at=NOW)
    return {"relation": relation.pk, "proposal": proposal.pk, "voiding": voiding.pk}


@pytest.fixture
def office(transactional_db: None, client_for: ClientFactory) -> Client:
    return client_for(factories.make_person(Role.LEADER))


@pytest.mark.parametrize("press", PRESSES, ids=lambda press: f"{press.path}-{press.gone.__name__}")
def test_the_second_is_told_that_it_is_gone(office: Client, keys: dict[str, int], press: Press) -> None:
    with meanwhile(press.gone):
        response = office.post(f"/kontor/ksp-2022/{press.path.format(**keys)}", {"seen": "999999", **press.typed})
    assert response.status_code == 404
    assert TOLD in response.content.decode()


def test_a_script_is_told_in_its_own_tongue(office: Client, keys: dict[str, int]) -> None:
    with meanwhile(the_contact):
        response = office.post("/kontor/ksp-2022/plan/c0001/ta-tilbake/", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert TOLD in response.json()["message"]
