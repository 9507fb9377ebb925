"""Two leaders who publish at the same moment: one does, the other is told so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from awards.models import Publication
from awards.publication.services.publishing import AlreadyPublished, publish_edition
from kundeservice.core.models import AuditEvent
from scoring.services import count_edition
from tests.factories import AT, believable_edition

PRESSES = 4


@pytest.mark.django_db(transaction=True)
def test_of_several_who_publish_at_once_exactly_one_does() -> None:
    edition = believable_edition(classes=1, participants=1, contacts=2)
    count_edition(edition_id=edition.pk, at=AT)
    together = Barrier(PRESSES)

    def press(_number: int) -> str:
        together.wait()
        try:
            publish_edition(edition_id=edition.pk, at=AT)
        except AlreadyPublished:
            return "told"
        finally:
            connection.close()
        return "published"

    with ThreadPoolExecutor(PRESSES) as leaders:
        outcomes = sorted(leaders.map(press, range(PRESSES)))

    assert outcomes == ["published", *["told"] * (PRESSES - 1)]
    assert Publication.objects.count() == 1
    assert AuditEvent.objects.filter(action="edition.published").count() == 1
