"""Two editions of one name and year can be told apart wherever they stand side by side."""

from __future__ import annotations

import pytest

from kundeservice.core.models import Role
from surveys.queries.names import names_apart
from tests import factories
from tests.conftest import ClientFactory, PersonFactory

pytestmark = pytest.mark.django_db


def test_only_those_that_share_a_name_show_their_code() -> None:
    first, second = factories.make_edition("ksp-a"), factories.make_edition("ksp-b")
    other = factories.make_edition("ksp-c")
    other.name_nb = "Noe annet"

    assert names_apart([first, second, other]) == {
        first.pk: f"{first.name} (ksp-a)",
        second.pk: f"{second.name} (ksp-b)",
        other.pk: "Noe annet",
    }
    assert names_apart([first, first]) == {first.pk: first.name}


def test_the_office_shows_the_code_wherever_an_edition_is_named(
    client_for: ClientFactory, person: PersonFactory
) -> None:
    edition = factories.make_edition("ksp-a")
    factories.make_edition("ksp-b")
    desk = client_for(person(Role.LEADER))
    editions = desk.get("/kontor/").content.decode()
    assert "ksp-a</span>" in editions
    assert "ksp-b</span>" in editions
    for page in ("", "deltakere/", "gjennomgang/", "plan/", "shoppere/", "logg/", "sporreskjema/"):
        answer = desk.get(f"/kontor/ksp-a/{page}")
        assert answer.status_code == 200, page
        text = answer.content.decode()
        assert f"{edition.name} (ksp-a) – Kundeserviceprisen</title>" in " ".join(text.split()), page
        assert f'<p class="nav-edition-name">{edition.name} <span class="quiet">ksp-a</span></p>' in text, page
