"""The whole award in a browser, from a package of files to a winner the world can read about.

Site, worker and scheduler run as they do on one machine; nobody touches the database.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from kundeservice.core.clock import now
from tests.conftest import InstallationFactory
from tests.flows.running_site import RunningSite, served
from tests.flows.walking import DESK, PHONE, Walker, walking

OSLO = ZoneInfo("Europe/Oslo")
TINY = Path(__file__).parent.parent / "examples" / "tiny-edition"
NOT_YET = ("contacts.csv", "answers.csv", "comments.csv")
LEADER, COLLEAGUE = "leder@kontoret.example", "kollega@kontoret.example"
WINNER, WINNERS_PERSON = "Fjellbanken", "leder@fjellbanken.example"
SILENT = "Skogbanken"
NOTE = "Skriv litt mer om hvordan du ble møtt."
COMMENT = "Tok seg god tid og forklarte alt to ganger."


@pytest.fixture
def site(new_installation: InstallationFactory) -> Iterator[RunningSite]:
    with served(new_installation()) as running:
        yield running


def new_edition(folder: Path, *, today: dt.date) -> Path:
    """The tiny edition before anything has happened in it, with a field period that began last week, as a zip."""
    monday = today - dt.timedelta(days=today.weekday() + 7)
    changed = {
        "code": "prove",
        "starts_on": monday.isoformat(),
        "ends_on": (monday + dt.timedelta(days=25)).isoformat(),
        "contacts_per_participant": "2",
        "min_counted": "1",
        "min_channel_contacts": "1",
        "name_nb": "Prøveprisen",
    }
    package = folder / "prove.zip"
    with zipfile.ZipFile(package, "w") as archive:
        for file in sorted(TINY.glob("*.csv")):
            if file.name not in NOT_YET:
                text = file.read_text(encoding="utf-8")
                archive.writestr(file.name, with_settings(text, changed) if file.stem == "edition" else text)
    return package


def with_settings(text: str, changed: dict[str, str]) -> str:
    rows = {row["key"]: row["value"] for row in csv.DictReader(io.StringIO(text))} | changed
    written = io.StringIO()
    csv.writer(written).writerows([("key", "value"), *rows.items()])
    return written.getvalue()


def test_the_whole_award(site: RunningSite, browser: Browser, tmp_path: Path) -> None:
    site.installation.manage("create_leader", LEADER, "Liv Leder")
    site.installation.manage("create_leader", COLLEAGUE, "Kari Kollega")
    with walking(site, browser, screen=DESK) as leader, walking(site, browser, screen=DESK) as colleague:
        colleague.open("/logg-inn/")
        colleague.logs_in_by_code(COLLEAGUE)
        leader.open("/logg-inn/")
        leader.looks_around("logg-inn")
        leader.logs_in_by_code(LEADER)
        import_edition(leader, new_edition(tmp_path, today=today()))
        plan_and_open(leader)
        made_by = {}
        for number in range(1, 7):
            with walking(site, browser, screen=PHONE) as shopper:
                made_by.update(make_all_contacts(shopper, f"s{number}@example.test"))
        returned = return_one(leader)
        with walking(site, browser, screen=PHONE) as shopper:
            mend(shopper, made_by[returned], returned)
        approve_everything(leader)
        count_render_and_lock(leader, colleague)
        with walking(site, browser, screen=DESK) as participant, walking(site, browser, screen=PHONE) as reader:
            nobody_knows_yet(participant, reader)
            publish(leader, colleague)
            participant_fetches_the_report(participant)
            the_world_reads(reader)


def today() -> dt.date:
    """The site lives in real time, and so does whoever walks through it."""
    return now().astimezone(OSLO).date()


# The project leader


def import_edition(leader: Walker, package: Path) -> None:
    leader.looks_around("kontor-tomt")
    leader.follow("Importer")
    leader.looks_around("importer")
    leader.page.get_by_label("Årgangspakke").set_input_files(package)
    leader.press("Kontroller pakken")
    leader.waits_for_job()
    leader.sees("Ingen feil.")
    facts = leader.page.locator("dl.facts")
    expect(facts.get_by_text("Prøveprisen (prove)")).to_be_visible()
    leader.looks_around("importer-forhandsvisning")
    leader.press("Importer årgangen")
    leader.waits_for_job()
    leader.sees("Pakken er importert.")
    leader.follow("Gå til årgangen")
    expect(leader.page.get_by_role("heading", level=1)).to_have_text("Prøveprisen")
    leader.looks_around("argang-utkast")


def plan_and_open(leader: Walker) -> None:
    leader.follow("Deltakere")
    leader.looks_around("deltakere")
    leader.follow("Mystery shoppere")
    leader.looks_around("shoppere")
    leader.follow("Spørreskjema")
    leader.looks_around("sporreskjema-kontor")
    leader.follow("Plan")
    leader.looks_around("plan-tom")
    leader.press("Lag planen")
    leader.waits_for_job()
    leader.sees("Et forslag til plan er klart")
    leader.looks_around("plan-forslag")
    leader.press("Ta planen i bruk")
    leader.sees("Deltakere uke for uke")
    leader.looks_around("plan")
    leader.follow("Oversikt")
    leader.press("Åpne feltperioden")
    leader.sees("Feltperioden er åpnet.")
    leader.looks_around("argang-felt")


def return_one(leader: Walker) -> str:
    """Read a response and send it back; its code."""
    leader.open("/kontor/prove/gjennomgang/")
    leader.sees("10 besvarelser")
    leader.looks_around("gjennomgang")
    first_answered = leader.page.get_by_role("row").filter(has_text="Besvart").first.get_by_role("link")
    code = first_answered.inner_text()
    leader.follow(code)
    leader.looks_around("gjennomgang-besvarelse")
    leader.page.get_by_label("Merknad til mystery shopperen").fill(NOTE)
    leader.press("Send tilbake")
    return code


def approve_everything(leader: Walker) -> None:
    leader.open("/kontor/prove/gjennomgang/")
    leader.sees("10 besvarelser")
    leader.follow("Begynn øverst")
    for _response in range(10):
        leader.press("Godkjenn og gå videre")
    leader.open("/kontor/prove/gjennomgang/?tilstand=submitted")
    leader.sees("Ingenting her nå")


def count_render_and_lock(leader: Walker, colleague: Walker) -> None:
    leader.open("/kontor/prove/")
    leader.press("Avslutt feltperioden")
    leader.follow("Til resultatene")
    leader.looks_around("resultater-tomt")
    leader.press("Beregn resultatene")
    leader.waits_for_job()
    leader.looks_around("resultater-beregnet")
    assert WINNER not in leader.page.inner_text("main"), "the seal is closed"
    leader.press("Lag rapportene")
    leader.waits_for_job()
    leader.sees("5 av 5 rapporter er ferdige, 0 feilet.")
    leader.press("Lås årgangen")
    leader.sees("Ønsket er sendt. En kollega må godkjenne det.")
    colleague.open("/kontor/prove/resultater/")
    colleague.looks_around("resultater-onske-om-las")
    colleague.press("Godkjenn")
    colleague.waits_for_job()
    colleague.looks_around("resultater-last")


def publish(leader: Walker, colleague: Walker) -> None:
    leader.open("/kontor/prove/resultater/")
    leader.sees("Ingen kan kontrollere resultatene")
    leader.page.get_by_label("Nå", exact=True).check()
    leader.page.get_by_label("Hvorfor publiseres det likevel?").fill("De skal først ses på scenen.")
    leader.page.get_by_label("Jeg vil gjøre resultatene offentlige uten at noen har kontrollert dem.").check()
    leader.press("Publiser resultatene")
    leader.sees("Ønsket er sendt. En kollega må godkjenne det.")
    colleague.open("/kontor/prove/resultater/")
    colleague.looks_around("resultater-onske-om-publisering")
    colleague.press("Godkjenn")
    leader.open("/kontor/prove/resultater/")
    leader.sees("Resultatene ble publisert")
    leader.looks_around("resultater-publisert")
    first = leader.page.locator("table tbody tr").first
    expect(first).to_contain_text(WINNER)


# The shoppers, on their phones


def make_all_contacts(shopper: Walker, email: str) -> dict[str, str]:
    """Make everything one shopper has; the codes of the contacts, with who made them."""
    shopper.logs_in_by_mailed_link(email)
    shopper.looks_around_once("oppdrag")
    errands = shopper.page.locator("a.task-link").evaluate_all("links => links.map(link => link.pathname)")
    for errand in errands:
        shopper.open(errand)
        make_contact(shopper)
    shopper.open("/oppdrag/")
    expect(shopper.page.get_by_text(f"Levert ({len(errands)})")).to_be_visible()
    shopper.looks_around_once("oppdrag-levert")
    return {errand.rstrip("/").rpartition("/")[2]: email for errand in errands}


def mend(shopper: Walker, email: str, code: str) -> None:
    shopper.logs_in_by_mailed_link(email)
    shopper.sees(NOTE)
    shopper.looks_around("oppdrag-kom-tilbake")
    shopper.open(f"/oppdrag/prove/{code}/")
    shopper.looks_around("oppdrag-returnert")
    shopper.follow("Rett skjemaet")
    fill_in(shopper, is_best=shopper.page.get_by_text(WINNER).count() > 0)
    hand_in(shopper, "lever-igjen")


def make_contact(shopper: Walker) -> None:
    participant = shopper.page.get_by_role("heading", level=1).inner_text()
    is_telephone = shopper.page.get_by_role("button", name="Start klokken og ring").is_visible()
    shopper.looks_around_once("oppdrag-telefon" if is_telephone else "oppdrag-epost")
    if is_telephone and participant == SILENT:
        get_no_answer_twice(shopper)
        hand_in(shopper, "lever-uten-svar")
        return
    if is_telephone:
        ring(shopper)
    else:
        get_an_email_answered(shopper)
    shopper.follow("Fyll ut skjemaet")
    fill_in(shopper, is_best=participant == WINNER)
    hand_in(shopper, "lever")


def ring(shopper: Walker) -> None:
    shopper.press("Start klokken og ring")
    shopper.looks_around_once("oppdrag-klokke")
    shopper.press("Jeg fikk svar")
    shopper.looks_around_once("oppdrag-svart")


def get_an_email_answered(shopper: Walker) -> None:
    shopper.page.get_by_text("Sendte du den tidligere?").click()
    shopper.page.get_by_label("Når sendte du den?").fill(f"{today() - dt.timedelta(days=1)}T10:00")
    shopper.press("Lagre tidspunktet")
    shopper.looks_around_once("oppdrag-epost-sendt")
    shopper.press("Jeg fikk svar")


def get_no_answer_twice(shopper: Walker) -> None:
    yesterday = f"{today() - dt.timedelta(days=1)}T10:00"
    just_now = f"{now().astimezone(OSLO) - dt.timedelta(minutes=6):%Y-%m-%dT%H:%M}"
    for began in (yesterday, just_now):
        shopper.page.get_by_text("Har du alt prøvd, uten klokke?").click()
        shopper.page.get_by_label("Når begynte du?").fill(began)
        shopper.page.get_by_label("Ikke svar").check()
        shopper.page.get_by_label("Minutter").last.fill("5")
        shopper.press("Lagre forsøket")
        shopper.looks_around_once(f"oppdrag-ikke-svar-{began[:10]}")
    shopper.follow("Gå til innlevering")


def fill_in(shopper: Walker, *, is_best: bool) -> None:
    """Answer step by step, until the page says that everything can be handed in."""
    while "/skjema/" in shopper.page.url:
        for question in shopper.page.locator("fieldset.question").all():
            choices = question.locator("label")
            is_scale = question.locator(".scale").count() > 0
            best, fair = (choices.count() - 1, 1) if is_scale else (0, 1)
            choices.nth(best if is_best else fair).click()
        comment = shopper.page.locator("textarea#comment")
        if comment.count():
            comment.fill(COMMENT)
        step = shopper.page.url.rstrip("/").rpartition("/")[2]
        shopper.looks_around_once(f"skjema-{step}")
        with shopper.page.expect_navigation():
            shopper.page.locator("button[form=step-form]").click()


def hand_in(shopper: Walker, name: str) -> None:
    shopper.looks_around_once(name)
    shopper.press("Lever")
    shopper.sees("Takk, den er levert")
    shopper.looks_around_once("kvittering")


# The participants and the world


def nobody_knows_yet(participant: Walker, reader: Walker) -> None:
    participant.logs_in_by_code(WINNERS_PERSON)
    participant.sees("når resultatene er offentliggjort")
    participant.looks_around("deltaker-for")
    reader.open("/")
    reader.looks_around("forside-for")
    assert WINNER not in reader.page.content()


def participant_fetches_the_report(participant: Walker) -> None:
    participant.open("/deltaker/")
    participant.looks_around("deltaker")
    with participant.page.expect_download() as download:
        participant.page.get_by_role("link", name="Last ned rapporten").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def the_world_reads(reader: Walker) -> None:
    reader.open("/")
    reader.page.reload()  # a page seen less than a minute ago may still be the one from before
    expect(reader.page.locator(".winner-name")).to_have_text(WINNER)
    reader.looks_around("forside")
    reader.sees_tables_whole()
    reader.follow("Se alle resultatene")
    reader.looks_around("resultater")
    reader.sees_tables_whole()
    reader.page.get_by_role("heading", name="Bank").get_by_role("link").click()
    reader.sees(WINNER)
    reader.looks_around("klasse")
    reader.sees_tables_whole()
    for path in ("arkiv", "metode"):
        reader.open(f"/{path}/")
        reader.looks_around(path)
        reader.sees_tables_whole()
