"""An edition whose seal is open, with shoppers, counted: what the studies are made of."""

from __future__ import annotations

import pytest

from scoring.models import ScoreRun
from scoring.services import count_edition
from shoppers.models import Assignment, Shopper
from surveys.models import Edition, LeaderRequest, RequestKind
from tests.factories import AT, believable_edition, make_person

SHOPPERS = 10


def assign_shoppers(edition: Edition, number: int = SHOPPERS) -> None:
    """Give every contact one of some shoppers, in turn."""
    shoppers = Shopper.objects.bulk_create(
        Shopper(
            edition=edition, code=f"s{n:02}", name=f"Observatør {n:02}", email=f"s{n}@example.test", max_contacts=99
        )
        for n in range(number)
    )
    contacts = edition.contacts.order_by("code")
    Assignment.objects.bulk_create(
        Assignment(contact=contact, shopper=shoppers[n * 7 % number]) for n, contact in enumerate(contacts)
    )


def open_seal(edition: Edition) -> None:
    """Two people have agreed to look."""
    LeaderRequest.objects.create(
        edition=edition,
        kind=RequestKind.VIEW,
        reason="Kontroll",
        asked_by=make_person(),
        asked_at=AT,
        agreed_by=make_person(),
        agreed_at=AT,
    )


@pytest.fixture
def edition(db: None) -> Edition:
    edition = believable_edition()
    assign_shoppers(edition)
    open_seal(edition)
    return edition


@pytest.fixture
def run(edition: Edition) -> ScoreRun:
    return count_edition(edition_id=edition.pk, at=AT)
