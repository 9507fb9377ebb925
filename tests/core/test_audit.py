"""The audit trail is only ever added to."""

import datetime as dt

import pytest

from kundeservice.core.models import AuditEvent, AuditTrailIsAppendOnly, User
from kundeservice.core.services.audit import record_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(leader: User, at: dt.datetime) -> AuditEvent:
    return record_event(at=at, actor=leader, action="edition.locked", subject="ks2027", detail={"contacts": 4750})


def test_a_line_tells_who_did_what_and_when(event: AuditEvent, leader: User, at: dt.datetime) -> None:
    stored = AuditEvent.objects.get(action="edition.locked")
    assert (stored.at, stored.actor, stored.action, stored.subject) == (at, leader, "edition.locked", "ks2027")
    assert stored.detail == {"contacts": 4750}


def test_a_line_is_never_changed(event: AuditEvent) -> None:
    event.action = "edition.unlocked"
    with pytest.raises(AuditTrailIsAppendOnly):
        event.save()
    with pytest.raises(AuditTrailIsAppendOnly):
        AuditEvent.objects.update(action="edition.unlocked")


def test_a_line_is_never_removed(event: AuditEvent) -> None:
    with pytest.raises(AuditTrailIsAppendOnly):
        event.delete()
    with pytest.raises(AuditTrailIsAppendOnly):
        AuditEvent.objects.all().delete()
