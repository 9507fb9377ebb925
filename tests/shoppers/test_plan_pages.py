"""The plan in the office: from «Lag planen» to a plan in use, and what the pages cost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from kundeservice.core.models import User
from kundeservice.core.numbers import format_number
from shoppers.models import Assignment, Plan, PlanProposal, Relation, Shopper
from shoppers.queries.planning import standing_figures
from shoppers.queries.proposals import compare_proposal
from shoppers.queries.versions import plan_version
from shoppers.reports.figures import figure_lines
from shoppers.services import plan_edition
from shoppers.services.proposing import propose_plan
from surveys.models import Contact, Edition, Participant, Phase
from tests import factories
from tests.conftest import ClientFactory
from tests.pages import seen_on
from tests.shoppers.conftest import oslo

BEFORE = oslo("2022-01-03 09:00")
Counted = Callable[..., Any]


@pytest.fixture
def draft(edition: Edition, participants: list[Participant], pool: list[Shopper]) -> Edition:
    edition.phase = Phase.DRAFT
    edition.save()
    return edition


@pytest.fixture
def planned(draft: Edition) -> Edition:
    plan_edition(edition_id=draft.pk, at=BEFORE, seconds=5.0)
    draft.refresh_from_db()
    return draft


@pytest.fixture
def office(leader: User, client_for: ClientFactory, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The leader's browser, a week before the field period."""
    monkeypatch.setattr("kundeservice.core.clock.now", lambda: BEFORE)
    return client_for(leader)


def text_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def order(client: Client, edition: Edition, **choices: object) -> Any:
    given = {"way": "anew", "seed": 1, "seconds": 10, **choices}
    return client.post(f"/kontor/{edition.code}/plan/lag/", given)


@pytest.mark.django_db(transaction=True)
def test_the_first_plan_is_made_looked_at_and_taken_into_use_from_one_page(draft: Edition, office: Client) -> None:
    plan_page = f"/kontor/{draft.code}/plan/"
    assert "Lag planen" in text_of(office, plan_page)

    assert order(office, draft).status_code == 302

    page = text_of(office, plan_page)
    assert Contact.objects.count() == 0
    assert "Et forslag til plan er klart" in page
    assert "Jevn belastning" in page
    accept = re.search(r'action="([^"]+/ta-i-bruk/)"', page)
    assert accept
    answer = office.post(accept[1], follow=True)
    assert "Planen er tatt i bruk" in answer.content.decode()
    assert Contact.objects.count() == 8
    draft.refresh_from_db()
    assert draft.phase == Phase.PLANNED


@pytest.mark.django_db(transaction=True)
def test_why_there_is_no_plan_is_a_list(draft: Edition, office: Client) -> None:
    Shopper.objects.all().delete()
    order(office, draft)
    page = text_of(office, f"/kontor/{draft.code}/plan/")
    reasons = re.findall(r"<li>(Ingen av de 0 [^<]+)</li>", page)
    assert [re.search(r"bruke (\S+),", reason)[1] for reason in reasons] == ["telefon", "e-post", "chat"]  # type: ignore[index]
    assert "4 mystery shoppere til" in reasons[0]
    assert "Lag planen" in page


def test_a_proposal_beside_the_plan_that_stands(planned: Edition, office: Client) -> None:
    proposal = propose_plan(edition_id=planned.pk, at=BEFORE, seed=9, seconds=5.0)
    assert "Sammenlign med planen" in text_of(office, f"/kontor/{planned.code}/plan/")

    page = text_of(office, f"/kontor/{planned.code}/plan/forslag/{proposal.pk}/")

    assert re.search(r"\d av 8 henvendelser endres", page)
    for heading in ("Nå", "Forslaget", "Best mulig"):
        assert f">{heading}</th>" in page
    assert "Ta planen i bruk" in page

    Shopper.objects.filter(code="s1").update(max_contacts=9)
    page = text_of(office, f"/kontor/{planned.code}/plan/forslag/{proposal.pk}/")
    assert "Grunnlaget er endret" in page
    assert "Ta planen i bruk" not in page
    address = f"/kontor/{planned.code}/plan/forslag/{proposal.pk}/"
    seen = {"seen": plan_version(planned)}
    refused = office.post(f"{address}ta-i-bruk/", seen, follow=True)
    assert "Grunnlaget ble endret" in refused.content.decode()

    gone = office.post(f"{address}forkast/", seen, follow=True)
    assert "Forslaget er forkastet" in gone.content.decode()
    assert "ble forkastet" in text_of(office, f"/kontor/{planned.code}/plan/forslag/{proposal.pk}/")


def test_a_plan_has_the_same_figures_on_every_page_and_at_every_time(
    planned: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repair looks at the days that are left; the plan is measured over the whole field period all the same."""
    Edition.objects.update(phase=Phase.FIELD)
    midway = oslo("2022-01-20 09:00")
    monkeypatch.setattr("kundeservice.core.clock.now", lambda: midway)
    proposal = propose_plan(edition_id=planned.pk, at=midway, seconds=5.0, repair=True)
    assert proposal.changes == [], "nothing is wrong with the plan, so it is proposed as it stands"

    made = Plan.objects.get(edition=planned).figures
    assert standing_figures(planned) == made
    assert compare_proposal(proposal, at=midway).standing == made
    assert proposal.figures == made


def test_the_page_of_the_plan_measures_it_as_moved_by_hand(planned: Edition, office: Client) -> None:
    address = f"/kontor/{planned.code}/plan/"
    before = text_of(office, address)
    one = Shopper.objects.order_by("code")[0]
    Assignment.objects.filter(contact__participant__code="fjell").update(shopper=one)

    after = text_of(office, address)

    assert Plan.objects.get(edition=planned).figures != standing_figures(planned)
    for line in figure_lines(standing_figures(planned)):
        row = re.search(rf'<th scope="row">{re.escape(line.label)}</th>\s*<td class="num">([^<]+)</td>', after)
        assert row, line.label
        assert row[1] == format_number(line.value, 2, language="nb")
    assert after != before


def test_a_repair_shows_its_changes_and_whom_to_tell(planned: Edition, office: Client) -> None:
    gone = Shopper.objects.filter(assignments__isnull=False).order_by("code")[0]
    lost = Assignment.objects.filter(shopper=gone).count()
    Shopper.objects.filter(pk=gone.pk).update(channels="messenger")

    page = text_of(office, f"/kontor/{planned.code}/plan/")
    assert "kan ikke gjøres slik de" in page or "kan ikke gjøres slik den" in page
    assert "Lag forslag til reparasjon" in page

    proposal = propose_plan(edition_id=planned.pk, at=BEFORE, seconds=5.0, repair=True)
    page = text_of(office, f"/kontor/{planned.code}/plan/forslag/{proposal.pk}/")
    assert f"{lost} av 8 henvendelser endres" in page
    assert "må få beskjed" in page
    assert gone.email in page


def test_a_proposal_of_another_edition_is_not_there(planned: Edition, office: Client) -> None:
    proposal = propose_plan(edition_id=planned.pk, at=BEFORE, seconds=5.0)
    other = factories.make_edition("annen")
    for path in ("", "ta-i-bruk/", "forkast/"):
        address = f"/kontor/{other.code}/plan/forslag/{proposal.pk}/{path}"
        assert (office.post(address) if path else office.get(address)).status_code == 404


@pytest.mark.parametrize("choices", [{"seed": "-1"}, {"seed": "x"}, {"seconds": "3600"}])
def test_what_cannot_be_asked_of_the_planner_is_said(
    draft: Edition, office: Client, choices: dict[str, object]
) -> None:
    answer = order(office, draft, **choices)
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert answer.content.decode().count("autofocus") == 1
    assert not PlanProposal.objects.exists()


def test_the_certificate_is_the_same_on_the_command_line_and_in_the_office(
    draft: Edition, office: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"/kontor/{draft.code}/plan/sertifikat.json"
    assert office.get(address).status_code == 404
    call_command("plan_contacts", draft.code, "--json", "--seconds", "5")
    printed = json.loads(capsys.readouterr().out)

    answer = office.get(address)

    assert answer.headers["Content-Disposition"] == f'attachment; filename="{draft.code}-plan.json"'
    assert json.loads(answer.content) == printed
    plan = Plan.objects.get()
    assert (printed["seed"], printed["input_digest"], printed["contacts"]) == (1, plan.input_digest, 8)
    assert printed["objective"]
    for figure in printed["figures"]:
        assert set(figure) == {"name", "value", "bound", "gap"}


def test_a_repair_without_a_plan_is_refused_in_words(draft: Edition, office: Client) -> None:
    answer = order(office, draft, way="repair")
    assert answer.status_code == 422
    assert "Årgangen er i fasen «Utkast»" in answer.content.decode()


# The board ---------------------------------------------------------------------------------------------------------


def test_a_large_edition_opens_on_its_first_class_and_all_are_a_choice(planned: Edition, office: Client) -> None:
    address = f"/kontor/{planned.code}/plan/"
    assert "Fjellbanken</th>" in text_of(office, address)
    many = factories.make_class(planned, "annet", "Annet")
    for number in range(40):
        factories.make_participant(many, f"Firma {number}", code=f"firma{number}")

    page = text_of(office, address)
    assert "Firma 7</th>" in page
    assert "Fjellbanken</th>" not in page
    page = text_of(office, f"{address}?klasse=")
    assert "Firma 7</th>" in page
    assert "Fjellbanken</th>" in page


def test_the_page_costs_the_same_number_of_queries_for_one_row_and_for_three(
    planned: Edition, office: Client, django_assert_num_queries: Counted
) -> None:
    Participant.objects.filter(code="fjord").update(award_class=factories.make_class(planned, "annet", "Annet"))
    bank = Participant.objects.get(code="fjell").award_class
    factories.make_participant(bank, "Tind", code="tind")
    factories.make_participant(bank, "Topp", code="topp")
    for chosen, rows in (("annet", 1), ("bank", 3)):
        with django_assert_num_queries(25):
            page = text_of(office, f"/kontor/{planned.code}/plan/?klasse={chosen}")
        assert len(re.findall(r'<th scope="row">(?:Fj|Tind|Topp)', page)) == rows


def test_whoever_must_be_told_is_named_when_a_repair_is_taken_into_use(planned: Edition, office: Client) -> None:
    Contact.objects.order_by("code")[0].delete()
    proposal = propose_plan(edition_id=planned.pk, at=BEFORE, seconds=5.0, repair=True)
    address = f"/kontor/{planned.code}/plan/forslag/{proposal.pk}/"
    page = text_of(office, address)
    assert "1 er ny." in page
    assert "0 får en annen mystery shopper" in page

    taken = office.post(f"{address}ta-i-bruk/", seen_on(office, address), follow=True).content.decode()

    gets = Shopper.objects.get(code=proposal.changes[0]["after"]["shopper"])
    assert f"Si fra til {gets.name} ({gets.email})." in taken


def test_a_contact_taken_out_of_the_plan_says_so_on_its_page_and_leads_on(planned: Edition, office: Client) -> None:
    contact = Contact.objects.order_by("code")[0]
    address = f"/kontor/{planned.code}/plan/{contact.code}/"
    office.post(f"{address}ta-tilbake/", {"reason": "Stengt lokale.", **seen_on(office, address)})

    answer = office.get(address)

    assert answer.status_code == 410
    page = answer.content.decode()
    assert "Henvendelsen er tatt ut av planen" in page
    assert "Liv Leder tok den ut" in page
    assert "Stengt lokale." in page
    assert f'href="/kontor/{planned.code}/plan/"' in page
    assert office.get(f"/kontor/{planned.code}/plan/fantes-aldri/").status_code == 404


def test_what_is_overdue_looks_and_sounds_unlike_the_rest_on_the_board(
    planned: Edition, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, last = Contact.objects.earliest("planned_on"), Contact.objects.latest("planned_on")
    monkeypatch.setattr("kundeservice.core.clock.now", lambda: oslo("2022-01-20 09:00"))
    page = text_of(office, f"/kontor/{planned.code}/plan/")
    late = re.search(rf'<a class="([^"]*)" id="{first.code}"[^>]*aria-label="([^"]*)"', page)
    ahead = re.search(rf'<a class="([^"]*)" id="{last.code}"[^>]*aria-label="([^"]*)"', page)
    assert late
    assert ahead
    assert ("is-late" in late[1], late[2].endswith(", på overtid")) == (True, True)
    assert ("is-late" in ahead[1], "på overtid" in ahead[2]) == (False, False)


def test_a_proposal_costs_the_same_number_of_queries_for_one_change_and_for_three(
    planned: Edition, office: Client, django_assert_num_queries: Counted
) -> None:
    for count in (1, 3):
        for row in Assignment.objects.select_related("contact").order_by("contact__code")[:count]:
            Relation.objects.get_or_create(shopper=row.shopper, participant_id=row.contact.participant_id)
        proposal = propose_plan(edition_id=planned.pk, at=BEFORE, seconds=5.0, repair=True)
        assert len(proposal.changes) == count
        with django_assert_num_queries(14):
            office.get(f"/kontor/{planned.code}/plan/forslag/{proposal.pk}/")


def test_a_week_without_a_free_day_is_refused_with_the_rule(planned: Edition, office: Client) -> None:
    contact = Contact.objects.filter(participant__code="fjell").earliest("planned_on")
    Shopper.objects.update(available_to="2022-01-28")

    address = f"/kontor/{planned.code}/plan/{contact.code}/"
    seen = seen_on(office, address)
    answer = office.post(f"{address}flytt/", {"week": "2022-W05", "klasse": "bank", **seen}, follow=True)

    assert answer.redirect_chain[0][0] == f"/kontor/{planned.code}/plan/?klasse=bank#{contact.code}"
    assert re.search(
        r"Ingen dag i uken er ledig: [^.]*mystery shopperen er ikke tilgjengelig da", answer.content.decode()
    )
    answer = office.post(f"{address}flytt/", {"week": "2022-W30", **seen}, follow=True)
    assert "Uken har ingen virkedager som er igjen i feltperioden." in answer.content.decode()
