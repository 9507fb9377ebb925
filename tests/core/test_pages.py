"""What every page of the site promises: log-in, languages, headers, health, files for machines."""

from __future__ import annotations

import datetime as dt
from sqlite3 import dbapi2

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import resolve

from kundeservice.core import jobs
from kundeservice.core.context_processors import site
from kundeservice.core.job_kinds import Queue
from kundeservice.core.jobs import enqueue_job
from kundeservice.core.models import Job, JobState, Role, User
from kundeservice.core.queries.health import Health, worker_heartbeat_key
from kundeservice.core.sqlite import right_journal
from kundeservice.core.views.login import DOORS
from tests.conftest import ClientFactory, PersonFactory

pytestmark = pytest.mark.django_db
SQLITE = connection.vendor == "sqlite" or None


class TestDoors:
    def test_strangers_are_sent_to_the_log_in_and_back_again(self, client: Client) -> None:
        answer = client.get("/min-side/")
        assert answer["Location"] == "/logg-inn/?next=/min-side/"

    @pytest.mark.parametrize("role", Role)
    def test_everybody_gets_to_their_own_door(
        self, role: Role, person: PersonFactory, client_for: ClientFactory
    ) -> None:
        answer = client_for(person(role)).get("/min-side/")
        assert resolve(answer["Location"]).view_name == DOORS[role]

    def test_a_leader_who_also_shops_starts_in_the_office(
        self, person: PersonFactory, client_for: ClientFactory
    ) -> None:
        answer = client_for(person(Role.SHOPPER, Role.LEADER)).get("/min-side/")
        assert answer["Location"] == "/kontor/"

    def test_somebody_without_a_role_is_told_so(self, person: PersonFactory, client_for: ClientFactory) -> None:
        answer = client_for(person()).get("/min-side/")
        assert "ingen oppgave i prisen" in answer.content.decode()


class TestLanguages:
    def test_bokmal_has_no_prefix_and_the_browser_does_not_decide(self, client: Client) -> None:
        answer = client.get("/logg-inn/", headers={"Accept-Language": "en"})
        assert (answer.status_code, answer["Content-Language"]) == (200, "nb")

    def test_english_lives_under_en(self, client: Client) -> None:
        answer = client.get("/en/logg-inn/", headers={"Accept-Language": "nb"})
        assert (answer.status_code, answer["Content-Language"]) == (200, "en")
        assert "Send me a code" in answer.content.decode()

    @pytest.mark.parametrize(
        ("path", "other"),
        [("/logg-inn/?next=/min-side/", "/en/logg-inn/?next=/min-side/"), ("/en/logg-inn/", "/logg-inn/")],
    )
    def test_every_page_leads_to_itself_in_the_other_language(self, client: Client, path: str, other: str) -> None:
        assert f'href="{other}"' in client.get(path).content.decode()

    def test_the_switch_never_leads_to_another_host(self, rf: RequestFactory) -> None:
        assert site(rf.get("/en//evil.example/x"))["path_without_language"] == "/evil.example/x"

    def test_no_other_prefix_leads_anywhere(self, client: Client) -> None:
        assert [client.get(f"/{code}/logg-inn/").status_code for code in ("nb", "no", "nn", "de")] == [404] * 4


class TestHeaders:
    def test_pages_run_no_script_but_ours_and_cannot_be_framed(self, client: Client) -> None:
        policy = client.get("/logg-inn/")["Content-Security-Policy"]
        assert set(policy.split("; ")) == {
            "default-src 'self'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        }

    def test_pages_made_for_a_person_are_kept_by_nobody(self, leader: User, client_for: ClientFactory) -> None:
        answer = client_for(leader).get("/min-side/")
        assert "private" in answer["Cache-Control"]
        assert "no-store" in answer["Cache-Control"]
        assert "Cookie" in answer["Vary"]

    @pytest.mark.parametrize("path", ["/logg-inn/?next=%00", "/logg-inn/%00/"])
    def test_a_nul_in_the_address_is_refused(self, client: Client, path: str) -> None:
        assert client.get(path).status_code == 400

    def test_a_form_without_its_token_is_explained(self, leader: User) -> None:
        client = Client(enforce_csrf_checks=True)
        answer = client.post("/logg-inn/", {"email": leader.email})
        assert answer.status_code == 403
        assert "Skjemaet ble ikke sendt" in answer.content.decode()


class TestHealth:
    def test_without_a_worker_the_site_serves_but_is_degraded(self, client: Client) -> None:
        answer = client.get("/healthz/")
        assert answer.status_code == 200
        assert answer.json() == {
            "status": "degraded",
            "away": ["worker:quick", "worker:batch"],
            "database": True,
            "broker": True,
            "worker": False,
            "workers": {"quick": False, "batch": False},
            "worker_last_seen": None,
            "data": None,
            "data_checked_at": None,
            "sqlite": SQLITE and {"version": dbapi2.sqlite_version, "journal": right_journal(), "safe": True},
        }

    @pytest.mark.parametrize(("silent_for", "status"), [(44, "ok"), (46, "degraded")])
    def test_a_worker_is_alive_as_long_as_it_was_heard_lately(
        self, client: Client, at: dt.datetime, silent_for: int, status: str
    ) -> None:
        with time_machine.travel(at, tick=False) as clock:
            for queue in Queue:
                cache.set(worker_heartbeat_key(queue), at.isoformat())
            clock.move_to(at + dt.timedelta(seconds=silent_for))
            assert client.get("/healthz/").json()["status"] == status

    def test_a_queue_without_a_worker_is_named(self, client: Client, at: dt.datetime) -> None:
        with time_machine.travel(at, tick=False):
            cache.set(worker_heartbeat_key(Queue.QUICK), at.isoformat())
            health = client.get("/healthz/").json()
        assert (health["status"], health["away"]) == ("degraded", ["worker:batch"])

    def test_without_the_database_nobody_is_served(self) -> None:
        health = Health(database=False, broker=True, worker=True, workers={}, worker_last_seen=None)
        assert (health.status, health.serves_people) == ("down", False)


class TestFilesForMachines:
    def test_robots_are_kept_out_of_the_doors(self, client: Client) -> None:
        lines = client.get("/robots.txt").content.decode().splitlines()
        assert {"Disallow: /kontor/", "Disallow: /oppdrag/", "Disallow: /deltaker/"} <= set(lines)

    def test_security_txt_names_a_contact_and_an_end(self, client: Client, at: dt.datetime) -> None:
        with time_machine.travel(at, tick=False):
            text = client.get("/.well-known/security.txt").content.decode()
        assert "Contact: mailto:post@127.0.0.1\n" in text
        assert "Expires: 2027-08-01T11:00:00Z\n" in text


class TestJobProgress:
    @pytest.fixture
    def job(self, shopper_person: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> Job:
        monkeypatch.setitem(jobs._handlers, "tests.progress", lambda _job_id, _progress: None)
        return enqueue_job("tests.progress", at=at, created_by=shopper_person, total=190)

    def test_only_who_ordered_it_and_the_leader_can_follow(
        self,
        job: Job,
        shopper_person: User,
        leader: User,
        reviewer: User,
        client_for: ClientFactory,
    ) -> None:
        path = f"/arbeid/{job.pk}/"
        seen = [client_for(user).get(path).status_code for user in (shopper_person, leader, reviewer)]
        assert seen == [200, 200, 404]

    def test_htmx_gets_the_fragment_and_is_told_when_to_stop(
        self, job: Job, shopper_person: User, client_for: ClientFactory, at: dt.datetime
    ) -> None:
        client = client_for(shopper_person)
        asked = client.get(f"/arbeid/{job.pk}/", headers={"HX-Request": "true"})
        assert asked.status_code == 200
        assert "<html" not in asked.content.decode()
        Job.objects.filter(pk=job.pk).update(state=JobState.DONE, finished_at=at)
        assert client.get(f"/arbeid/{job.pk}/", headers={"HX-Request": "true"}).status_code == 286

    def test_figures_in_attributes_are_not_written_for_people(
        self, job: Job, shopper_person: User, client_for: ClientFactory, at: dt.datetime
    ) -> None:
        Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, claimed_at=at, current=1250, total=4750)
        page = client_for(shopper_person).get(f"/arbeid/{job.pk}/").content.decode()
        assert 'max="4750"' in page
        assert 'value="1250"' in page
        assert "1\N{NO-BREAK SPACE}250" in page

    @pytest.mark.parametrize(("waited", "told"), [(29, False), (31, True)])
    def test_somebody_who_waits_for_a_worker_that_is_not_there_is_told(
        self, job: Job, shopper_person: User, client_for: ClientFactory, at: dt.datetime, waited: int, told: bool
    ) -> None:
        with time_machine.travel(at + dt.timedelta(seconds=waited), tick=False):
            page = client_for(shopper_person).get(f"/arbeid/{job.pk}/").content.decode()
        assert ("Arbeideren kjører ikke" in page) is told

    def test_nobody_is_told_that_a_worker_is_away_which_is_only_busy(
        self, job: Job, shopper_person: User, client_for: ClientFactory, at: dt.datetime
    ) -> None:
        now = at + dt.timedelta(seconds=31)
        with time_machine.travel(now, tick=False):
            cache.set(worker_heartbeat_key(Queue.QUICK), now.isoformat())
            page = client_for(shopper_person).get(f"/arbeid/{job.pk}/").content.decode()
        assert "Arbeideren er opptatt med annet arbeid" in page
        assert "Arbeideren kjører ikke" not in page
