"""The office: every list costs the same number of queries at any length, has an empty state, and keeps the seal."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from awards.models import PackageUpload
from awards.package.format import parse_package, write_package
from awards.package.format.tables import EDITION_KEYS
from awards.package.services.uploads import SETTINGS, check_upload, import_upload
from awards.publication.services.publishing import lock_edition
from awards.publication.services.results import export_results
from kundeservice.core.models import AuditEvent, Job, Role, User
from scoring.services import count_edition
from surveys.models import Answer, Contact, Edition, LeaderRequest, Phase, Response, ReviewState
from surveys.services import agree_to_request, ask_to_view_results, close_field
from tests.conftest import TINY_EDITION, ClientFactory
from tests.factories import AT, believable_edition, make_edition, make_person
from tests.pages import seen_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(leader: User, client_for: ClientFactory) -> Client:
    return client_for(leader)


@pytest.fixture
def opened() -> Callable[[Edition], None]:
    """Two people open the seal of an edition."""

    def open_seal(edition: Edition) -> None:
        asked = ask_to_view_results(edition_id=edition.pk, by=make_person(Role.LEADER), reason="Manus", at=AT)
        agree_to_request(request_id=asked.pk, by=make_person(Role.LEADER), at=AT)

    return open_seal


def warm(office: Client, address: str) -> None:
    """Let what is remembered for the process – permissions, sessions – be there before queries are counted."""
    office.get(address)


def test_without_editions_the_office_says_how_to_begin(office: Client) -> None:
    page = office.get("/kontor/").content.decode()

    assert "Ingen årganger ennå" in page
    assert 'href="/kontor/importer/"' in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_editions(office: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int) -> None:
    for number in range(rows):
        make_edition(f"ksp-{2020 + number}", year=2020 + number)
    warm(office, "/kontor/")

    with django_assert_num_queries(7):
        page = office.get("/kontor/").content.decode()

    assert page.count('<th scope="row">') == rows


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [("", 11), ("deltakere/", 5), ("gjennomgang/", 7), ("gjennomgang/?tilstand=approved", 7), ("shoppere/", 4)],
)
def test_the_lists_of_an_edition(
    office: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int, address: str, queries: int
) -> None:
    edition = believable_edition(classes=1, participants=rows, contacts=2)
    Contact.objects.filter(edition=edition, code__lte=f"c{rows:05d}").update(review=ReviewState.SUBMITTED)
    warm(office, f"/kontor/{edition.code}/{address}")

    with django_assert_num_queries(queries):
        response = office.get(f"/kontor/{edition.code}/{address}")

    assert response.status_code == 200
    assert edition.name.split()[0] in response.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_result_list(
    office: Client, django_assert_num_queries: DjangoAssertNumQueries, opened: Callable[[Edition], None], rows: int
) -> None:
    edition = believable_edition(classes=1, participants=rows, contacts=2)
    run = count_edition(edition_id=edition.pk, at=AT)
    opened(edition)
    warm(office, f"/kontor/{edition.code}/resultater/")

    with django_assert_num_queries(22):
        page = office.get(f"/kontor/{edition.code}/resultater/").content.decode()

    for score in run.participant_scores.select_related("participant"):
        assert score.participant.name in page


def test_results_are_sealed_until_two_people_open_them(office: Client, opened: Callable[[Edition], None]) -> None:
    edition = believable_edition(classes=1, participants=2, contacts=3, winner="ZZKANARI-AS")
    count_edition(edition_id=edition.pk, at=AT)

    sealed = office.get(f"/kontor/{edition.code}/resultater/").content.decode()
    explained = office.get(f"/kontor/{edition.code}/resultater/bank-1/hvorfor/")
    opened(edition)
    seen = office.get(f"/kontor/{edition.code}/resultater/").content.decode()

    assert "ZZKANARI-AS" not in sealed
    assert "forseglet" in sealed
    assert (explained.status_code, explained["Location"]) == (302, f"/kontor/{edition.code}/resultater/")
    assert "ZZKANARI-AS" in seen
    assert [event.detail for event in AuditEvent.objects.filter(action="results.seen")] == [{"what": "results"}]


def test_a_total_is_explained_down_to_the_answer(office: Client, opened: Callable[[Edition], None]) -> None:
    edition = believable_edition(classes=1, participants=2, contacts=3)
    count_edition(edition_id=edition.pk, at=AT)
    opened(edition)

    page = office.get(f"/kontor/{edition.code}/resultater/bank-1/hvorfor/").content.decode()

    assert "Følte du deg velkommen?" in page
    assert "Henvendelse for henvendelse" in page


def test_a_request_is_answered_by_a_colleague_in_the_browser(office: Client, client_for: ClientFactory) -> None:
    edition = believable_edition(classes=1, participants=1, contacts=2)
    count_edition(edition_id=edition.pk, at=AT)
    colleague = client_for(make_person(Role.LEADER))

    office.post(f"/kontor/{edition.code}/segl/", {"kind": "view", "reason": "Lage manus"})
    asked = LeaderRequest.objects.get()
    own = office.get(f"/kontor/{edition.code}/resultater/").content.decode()
    results = f"/kontor/{edition.code}/resultater/"
    colleague.post(f"/kontor/{edition.code}/segl/{asked.pk}/", {"answer": "agree", **seen_on(colleague, results)})

    assert "En kollega må godkjenne." in own
    asked.refresh_from_db()
    assert asked.agreed_at is not None
    log = office.get(f"/kontor/{edition.code}/logg/").content.decode()
    assert "Ba om innsyn i resultatene" in log
    assert "Lage manus" in log


@pytest.mark.parametrize(
    ("answer", "told"),
    [("agree", "Seglet er åpnet. Plasser og totaler vises nå"), ("withdraw", "Ønsket er avslått. Det står i loggen.")],
)
def test_the_answer_to_a_request_says_what_has_happened(
    office: Client, client_for: ClientFactory, answer: str, told: str
) -> None:
    edition = believable_edition(classes=1, participants=1, contacts=2)
    count_edition(edition_id=edition.pk, at=AT)
    colleague, results = client_for(make_person(Role.LEADER)), f"/kontor/{edition.code}/resultater/"
    office.post(f"/kontor/{edition.code}/segl/", {"kind": "view", "reason": "Lage manus"})
    asked = LeaderRequest.objects.get()

    page = colleague.post(
        f"/kontor/{edition.code}/segl/{asked.pk}/", {"answer": answer, **seen_on(colleague, results)}, follow=True
    ).content.decode()

    assert told in page
    assert "Svaret er lagret" not in page


def test_a_request_that_whoever_asked_takes_back_is_withdrawn(office: Client) -> None:
    edition = believable_edition(classes=1, participants=1, contacts=2)
    count_edition(edition_id=edition.pk, at=AT)
    office.post(f"/kontor/{edition.code}/segl/", {"kind": "view", "reason": "Lage manus"})
    asked, results = LeaderRequest.objects.get(), f"/kontor/{edition.code}/resultater/"
    given = {"answer": "withdraw", **seen_on(office, results)}
    page = office.post(f"/kontor/{edition.code}/segl/{asked.pk}/", given, follow=True).content.decode()
    assert "Ønsket er trukket." in page


def test_the_way_to_lift_the_lock_stands_with_the_lock(office: Client) -> None:
    edition = believable_edition(classes=1, participants=1, contacts=2)
    count_edition(edition_id=edition.pk, at=AT)
    lock_edition(edition_id=edition.pk, at=AT, by=None)
    page = office.get(f"/kontor/{edition.code}/resultater/").content.decode()
    assert page.index('id="lock"') < page.index("<summary>Opphev låsen</summary>") < page.index('id="publish"')


def test_the_menu_keeps_its_mark_on_a_page_that_answers_a_form_and_on_those_below(office: Client) -> None:
    edition = believable_edition(classes=1, participants=1, contacts=2)
    count_edition(edition_id=edition.pk, at=AT)
    base = f"/kontor/{edition.code}/"

    def marked(page: str) -> list[str]:
        return re.findall(r'<li><a href="([^"]+)" aria-current', page)

    refused = office.post(f"{base}resultater/publiser/", {"when": "now", "seen": "0"})
    assert refused.status_code == 422
    assert marked(refused.content.decode()) == [f"{base}resultater/"]
    for address, mark in (
        ("", base),
        ("henvendelser/", base),
        ("godkjenn-samlet/", f"{base}gjennomgang/"),
        ("gjennomgang/c00001/", f"{base}gjennomgang/"),
        ("belastning/", f"{base}shoppere/"),
    ):
        assert marked(office.get(base + address).content.decode()) == [mark]


def test_the_field_period_is_closed_and_reopened_in_the_browser_with_what_is_undone_in_sight(office: Client) -> None:
    edition = believable_edition(classes=1, participants=1, contacts=3)
    Edition.objects.update(phase=Phase.FIELD)
    Contact.objects.filter(code="c00001").update(outcome="", contacted_at=None, answered_at=None, wait=None, review="")
    address = f"/kontor/{edition.code}/"

    page = office.get(address).content.decode()
    refused = office.post(f"{address}fase/", {"step": "close", **seen_on(office, address)})
    closed = office.post(
        f"{address}fase/", {"step": "close", "reason": "Sykdom.", **seen_on(office, address)}, follow=True
    )
    late = office.post(f"{address}fase/", {"step": "reopen", "reason": "Frisk igjen.", "seen": "0"})
    reopened = office.post(
        f"{address}fase/", {"step": "reopen", "reason": "Frisk igjen.", **seen_on(office, address)}, follow=True
    )

    assert f'<a href="{address}henvendelser/?tilstand=not_begun">1 henvendelse er ikke gjort</a>' in page
    assert refused.status_code == 422
    assert "Skriv hvorfor" in refused.content.decode()
    assert "Feltperioden er avsluttet." in closed.content.decode()
    assert late.status_code == 409
    assert "Frisk igjen." in late.content.decode()
    assert "Feltperioden er gjenåpnet." in reopened.content.decode()


def test_an_opening_is_taken_back_in_the_browser_while_nobody_has_begun(office: Client) -> None:
    edition = believable_edition(classes=1, participants=1, contacts=3)
    Edition.objects.update(phase=Phase.FIELD)
    address = f"/kontor/{edition.code}/"
    with_work = office.get(address).content.decode()
    begun = office.post(f"{address}fase/", {"step": "unopen", "reason": "Feil skjema.", **seen_on(office, address)})

    Answer.objects.all().delete()
    Response.objects.all().delete()
    Contact.objects.update(outcome="", contacted_at=None, answered_at=None, wait=None, review="")
    taken_back = office.post(
        f"{address}fase/", {"step": "unopen", "reason": "Feil skjema.", **seen_on(office, address)}, follow=True
    )

    assert "Ta tilbake åpningen" not in with_work
    assert begun.status_code == 422
    assert "3 henvendelser er begynt" in begun.content.decode()
    assert "Åpningen er tatt tilbake." in taken_back.content.decode()
    assert "Flyttet årgangen til fasen «Planlagt»" in office.get(f"{address}logg/").content.decode()
    edition.refresh_from_db()
    assert edition.phase == Phase.PLANNED


def test_a_reason_to_lock_that_is_not_taken_is_still_there_to_be_sent(office: Client) -> None:
    edition = believable_edition(classes=1, participants=1, contacts=2)
    Contact.objects.filter(code="c00001").update(review=ReviewState.RETURNED)
    count_edition(edition_id=edition.pk, at=AT)
    address = f"/kontor/{edition.code}/resultater/"
    seen = seen_on(office, address)
    Edition.objects.update(phase=Phase.FIELD)
    close_field(edition_id=edition.pk, by=None, at=AT, reason="Ferie.")

    refused = office.post(f"{address}las/", {"reason": "Styret må ha tallene.", **seen})

    assert refused.status_code == 409
    assert "Styret må ha tallene.</textarea>" in refused.content.decode()


def test_what_was_chosen_for_publication_is_still_there_when_it_is_refused(office: Client) -> None:
    edition = believable_edition(classes=1, participants=1, contacts=2)
    count_edition(edition_id=edition.pk, at=AT)
    lock_edition(edition_id=edition.pk, at=AT, by=None)

    refused = office.post(
        f"/kontor/{edition.code}/resultater/publiser/",
        {"when": "later", "on": "2022-04-28", "reason": "Ingen har sett dem.", "confirmed": "on", "seen": "0"},
    )

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Velg både dato og klokkeslett" in page
    assert 'value="2022-04-28"' in page
    assert "Ingen har sett dem." in page


def test_nobody_locks_alone_nor_over_what_is_undone_without_saying_why(
    office: Client, client_for: ClientFactory
) -> None:
    edition = believable_edition(classes=1, participants=1, contacts=3)
    count_edition(edition_id=edition.pk, at=AT)
    Contact.objects.filter(code="c00001").update(review=ReviewState.RETURNED)
    address = f"/kontor/{edition.code}/resultater/"
    colleague = client_for(make_person(Role.LEADER))

    page = office.get(address).content.decode()
    office.post(f"{address}las/", seen_on(office, address))
    assert not LeaderRequest.objects.exists()
    office.post(f"{address}las/", {"reason": "Shopperen svarer ikke.", **seen_on(office, address)})
    assert not Job.objects.exists(), "a colleague has not agreed"
    asked = LeaderRequest.objects.get()
    office.post(f"/kontor/{edition.code}/segl/{asked.pk}/", {"answer": "agree", **seen_on(office, address)})
    assert not Job.objects.exists(), "nobody agrees to their own wish"
    told = colleague.get(address).content.decode()
    results = f"/kontor/{edition.code}/resultater/"
    colleague.post(f"/kontor/{edition.code}/segl/{asked.pk}/", {"answer": "agree", **seen_on(colleague, results)})

    undone = f'<a href="/kontor/{edition.code}/gjennomgang/?tilstand=returned">1 besvarelse er sendt tilbake'
    assert undone in page
    assert undone in told
    assert Job.objects.get().payload == {"edition": edition.pk, "reason": "Shopperen svarer ikke."}


class TestImport:
    """A package through the browser, step by step."""

    @pytest.fixture
    def package(self, tmp_path_factory: pytest.TempPathFactory) -> bytes:
        path = tmp_path_factory.mktemp("pakke") / "tiny.zip"
        write_package(parse_package(TINY_EDITION), path)
        return path.read_bytes()

    def send(self, office: Client, name: str, content: bytes, **facts: str) -> PackageUpload:
        office.post("/kontor/importer/", {"package": SimpleUploadedFile(name, content), **facts})
        return PackageUpload.objects.latest("pk")

    def test_a_sound_package_is_shown_and_then_imported(self, office: Client, package: bytes) -> None:
        upload = self.send(office, "tiny.zip", package)
        waiting = office.get(f"/kontor/importer/{upload.pk}/").content.decode()
        check_upload(upload_id=upload.pk, at=AT)
        shown = office.get(f"/kontor/importer/{upload.pk}/").content.decode()
        office.post(f"/kontor/importer/{upload.pk}/bekreft/")

        assert "Kontroll av pakken" in waiting
        assert "Prøveprisen 2022 (tiny-2022)" in shown
        assert "10. januar 2022 – 4. februar 2022" in shown
        assert not Edition.objects.exists()
        job = Job.objects.get(kind="awards.import_package")
        assert job.payload == {"upload": upload.pk}
        import_upload(upload_id=upload.pk, by=None, at=AT)
        import_upload(upload_id=upload.pk, by=None, at=AT)  # a job may run twice
        assert Edition.objects.get().participants.count() == 5

    def test_a_faulty_package_is_listed_with_its_places_and_cannot_be_imported(
        self, office: Client, package: bytes
    ) -> None:
        upload = self.send(office, "tiny.zip", package[:200])
        check_upload(upload_id=upload.pk, at=AT)

        page = office.get(f"/kontor/importer/{upload.pk}/").content.decode()
        office.post(f"/kontor/importer/{upload.pk}/bekreft/")

        assert "Ingenting er lagret" in page
        assert "tiny.zip" in page
        assert not Job.objects.filter(kind="awards.import_package").exists()

    @pytest.mark.parametrize("name", ["pakke.exe", "pakke.csv", "pakke"])
    def test_what_is_no_package_by_its_name_is_refused_at_once(self, office: Client, name: str) -> None:
        response = office.post("/kontor/importer/", {"package": SimpleUploadedFile(name, b"x")})

        assert "Velg en .zip- eller .xlsx-fil." in response.content.decode()
        assert not PackageUpload.objects.exists()

    def test_an_edition_that_exists_is_replaced_only_when_asked(self, office: Client, package: bytes) -> None:
        first = self.send(office, "tiny.zip", package)
        check_upload(upload_id=first.pk, at=AT)
        edition = import_upload(upload_id=first.pk, by=None, at=AT)
        second = self.send(office, "tiny.zip", package, replace="on")
        check_upload(upload_id=second.pk, at=AT)

        page = office.get(f"/kontor/importer/{second.pk}/").content.decode()
        replaced = import_upload(upload_id=second.pk, by=None, at=AT)

        assert "erstatter den som finnes" in page
        assert (Edition.objects.count(), replaced.code) == (1, edition.code)
        assert replaced.pk == edition.pk
        assert "Ingenting: pakken sier det samme som årgangen." in page

    def test_without_being_asked_to_replace_the_page_says_one_thing_and_names_settings_in_words(
        self, office: Client, package: bytes
    ) -> None:
        first = self.send(office, "tiny.zip", package)
        check_upload(upload_id=first.pk, at=AT)
        edition = import_upload(upload_id=first.pk, by=None, at=AT)
        Edition.objects.update(year=2021, closed_days=["2022-01-12"])
        second = self.send(office, "tiny.zip", package)
        check_upload(upload_id=second.pk, at=AT)

        page = office.get(f"/kontor/importer/{second.pk}/").content.decode()

        assert edition.code in page
        assert "du ba ikke om å erstatte den" in page
        assert "Send inn på nytt, og kryss av for å erstatte" in page
        assert "Ingen feil. Se om dette er riktig årgang." not in page
        assert "år og stengte dager" in page or "år, stengte dager" in page
        assert "closed_days" not in page

    def test_a_package_that_may_not_replace_the_edition_says_that_alone(self, office: Client, package: bytes) -> None:
        first = self.send(office, "tiny.zip", package)
        check_upload(upload_id=first.pk, at=AT)
        import_upload(upload_id=first.pk, by=None, at=AT)
        Edition.objects.update(phase=Phase.LOCKED)
        second = self.send(office, "tiny.zip", package)
        check_upload(upload_id=second.pk, at=AT)

        page = office.get(f"/kontor/importer/{second.pk}/").content.decode()

        assert "men kan ikke importeres" in page
        assert "kan ikke erstattes" in page
        assert "kryss av" not in page
        assert "Ingen feil" not in page

    def test_every_setting_has_a_word(self) -> None:
        assert set(SETTINGS) == {column.name for column in EDITION_KEYS}


def test_a_reviewer_finds_the_review_and_nothing_else(reviewer: User, client_for: ClientFactory) -> None:
    edition = believable_edition(classes=1, participants=1, contacts=2)
    desk = client_for(reviewer)

    home = desk.get("/min-side/", follow=True).content.decode()
    queue = desk.get(f"/kontor/{edition.code}/gjennomgang/").content.decode()

    assert f'href="/kontor/{edition.code}/gjennomgang/"' in home
    for leaders_page in (f"/kontor/{edition.code}/", f"/kontor/{edition.code}/resultater/", "/kontor/importer/"):
        assert f'href="{leaders_page}"' not in home + queue
        assert desk.get(leaders_page).status_code == 403


def test_what_people_open_comes_before_what_programs_take(office: Client, tiny_edition: Edition) -> None:
    page = office.get(f"/kontor/{tiny_edition.code}/pakke/").content.decode()

    assert page.index('value="xlsx"') < page.index('value="zip"')
    assert "Excel på norsk leser dem ikke riktig" in page


def test_the_results_as_a_file_stay_sealed(office: Client, tiny_edition: Edition) -> None:
    count_edition(edition_id=tiny_edition.pk, at=AT)

    answer = office.get(f"/kontor/{tiny_edition.code}/resultater/fil.xlsx", follow=True)

    assert "Resultatene er forseglet" in answer.content.decode()
    assert not AuditEvent.objects.filter(detail__what="export_results").exists()


@pytest.mark.parametrize("file_format", ["xlsx", "csv", "json"])
def test_the_results_as_a_file_are_those_of_the_command_and_every_use_is_logged(
    office: Client, leader: User, tiny_edition: Edition, opened: Callable[[Edition], None], file_format: str
) -> None:
    count_edition(edition_id=tiny_edition.pk, at=AT)
    opened(tiny_edition)
    page = office.get(f"/kontor/{tiny_edition.code}/resultater/").content.decode()
    assert page.index("resultater/fil.xlsx") < page.index("For andre programmer") < page.index("resultater/fil.csv")

    answer = office.get(f"/kontor/{tiny_edition.code}/resultater/fil.{file_format}")

    assert answer.status_code == 200
    assert AuditEvent.objects.filter(detail__what="export_results", actor=leader).exists()
    assert answer.content == export_results(edition_id=tiny_edition.pk, file_format=file_format, at=AT)
