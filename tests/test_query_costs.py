"""What a docstring promises about the database is kept: so many queries, and no more when there is more of everything.

A promise is a number of queries in a docstring, such as «Two queries.» Every one of them has its lines in `COSTS`, one
for each number it names, and every line is counted in a small world and in a larger one.
"""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from awards import lookup
from awards.models import StudyKind
from awards.office.queries import contacts, explanation, log, overview
from awards.package.services import loading, work
from awards.publication.queries import archive, gates, guides, method, public, results
from awards.publication.services import publishing
from awards.report import services as reports
from awards.report.queries import evidence, portal, reading
from awards.studies.queries import comparison, confidence, severity, zeros
from awards.studies.queries import reading as studies
from kundeservice.core.acts import TAKEN_BACK
from kundeservice.core.models import User
from kundeservice.core.queries import history
from kundeservice.core.services import audit
from scoring.models import ScoreRun
from scoring.queries import editions, grouped, runs
from scoring.queries import results as counts
from shoppers.models import Assignment, Shopper
from shoppers.planner import ChangeKind
from shoppers.queries import (
    addresses,
    board,
    briefing,
    changes,
    errands,
    gone,
    lost,
    office,
    planning,
    proposals,
    repairs,
    sheet,
    workload,
)
from shoppers.queries import guides as shopper_guides
from shoppers.queries import versions as places
from shoppers.reports import plan_files
from shoppers.services import losses
from shoppers.views import access, shopper_questionnaire
from surveys.models import (
    Area,
    AttemptResult,
    Channel,
    Contact,
    Edition,
    Participant,
    Question,
    QuestionKind,
    RequestKind,
    Response,
)
from surveys.queries import (
    attempts,
    begun,
    clean,
    content,
    drafts,
    names,
    questionnaire,
    returns,
    review,
    sealing,
    versions,
    voiding,
    wishes,
)
from surveys.queries import gates as closing
from surveys.services import guard, reporting, seen
from tests import factories
from tests.factories import AT
from tests.processes import ROOT
from tests.surveys.conftest import FULL_OPTIONS, FULL_VALUES
from tests.worlds import NOW, FieldWork, Results, counted, field_work, published

CODE = ("kundeservice", "surveys", "shoppers", "scoring", "awards")
LATER = NOW + dt.timedelta(days=60)
ROWS = {"liten": 1, "stor": 3}
"""The code of the edition of each world → how many there are of everything in it."""

# What is counted -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """What a function is called with, read beforehand as its caller reads it."""

    args: tuple[Any, ...]
    named: Mapping[str, Any]


def given(*args: Any, **named: Any) -> Given:
    return Given(args, named)


@dataclass(frozen=True)
class Cost:
    """So many queries of a function, called with what `given` finds or lays down in a world.

    `act` is done instead where the promise is that of a page.
    """

    of: Callable[..., Any]
    queries: int
    given: Callable[[Any], Given]
    act: Callable[..., Any] | None = None

    @property
    def name(self) -> str:
        return f"{self.of.__module__}.{self.of.__qualname__}"

    def counted_in(self, world: object) -> int:
        """The queries it takes there. The world is afterwards as it was."""
        with transaction.atomic():
            found = self.given(world)
            with CaptureQueriesContext(connection) as asked:
                came = (self.act or self.of)(*found.args, **found.named)
                if isinstance(came, Iterable):
                    list(came)
            transaction.set_rollback(True)
        return len(asked)


def tries_given(contact: Contact) -> Given:
    rules = questionnaire.wait_rules_for(contact.edition, contact.channel)
    return given(contact, edition=contact.edition, rules=rules)


def with_a_no_to_tick(edition: Edition) -> Edition:
    asked = edition.questions.filter(options__text_nb="Nei").earliest("order")
    Question.objects.filter(pk=asked.pk).update(kind=QuestionKind.MULTI)
    return edition


def with_attempts(contact: Contact) -> Contact:
    return Contact.objects.select_related("edition").prefetch_related("attempts").get(pk=contact.pk)


def imported(contact: Contact) -> Contact:
    """The contact as a package brings it: with its answers, and without a draft."""
    Response.objects.filter(contact=contact).delete()
    return Contact.objects.select_related("edition").get(pk=contact.pk)


def last_in_queue(world: FieldWork) -> Contact:
    waiting = Contact.objects.filter(edition=world.edition_id).awaiting_review()
    return max(waiting, key=lambda contact: (contact.week, contact.code))


def all_reported(world: FieldWork) -> list[reporting.ContactReport]:
    said = content.Content(
        options={code: tuple(ticks) for code, ticks in FULL_OPTIONS.items()},
        values=FULL_VALUES,
        comments={Area.AGENT.value: "Fint."},
    )
    told = reporting.ReportedTry(NOW, AttemptResult.ANSWERED, wait_seconds=45)
    return [reporting.ContactReport(key, [told], NOW, said) for key in world.contacts["reported"]]


def with_many_participants(edition: Edition) -> Edition:
    award_class = edition.classes.all()[0]
    Participant.objects.bulk_create(
        Participant(edition=edition, award_class=award_class, code=f"m{number}", name=f"M {number}")
        for number in range(board.MANY_PARTICIPANTS)
    )
    return edition


def some_changes(world: FieldWork) -> list[dict[str, Any]]:
    before = {"shopper": "meg", "day": "2022-01-20", "window": "09-11"}
    gone = {"kind": ChangeKind.REMOVED, "channel": "telephone", "before": before, "after": None}
    return [{**gone, "contact": f"open-{row}", "participant": f"firma-{row}"} for row in range(world.rows)]


def with_another_edition(world: FieldWork) -> User:
    """The shopper, who has a returned contact in an edition beside this one too."""
    other = field_work(1, code="annen")
    Shopper.objects.filter(edition=world.edition_id).exclude(user=world.person).update(user=None)
    Shopper.objects.filter(edition=other.edition_id, user=other.person).update(user=world.person)
    return world.person


def my_assignments(world: FieldWork) -> list[Assignment]:
    return list(errands.visible_assignments(world.person).filter(contact__edition=world.edition_id))


def visited_today(world: FieldWork) -> HttpRequest:
    request = HttpRequest()
    request.user = User.objects.get(pk=world.person.pk)
    request.session = SessionStore()
    request.session[access.RENEWED_ON] = NOW.date().isoformat()
    return request


def browser_at_the_questionnaire(world: FieldWork, *, saves: bool = False) -> Given:
    """A browser that has been here today, with the page of an area open and one answer changed on it."""
    client = Client()
    client.force_login(world.person, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/oppdrag/")
    contact = world.contact("drafted")
    address = f"/oppdrag/{contact.edition.code}/{contact.code}/skjema/velkomst/"
    shown = drafts.read_draft(contact)
    typed = {"q-met": "cold", "seen-q-met": shown.content.mark("q-met"), "revision": shown.revision}
    if saves:
        return given(client, f"{address}lagre/", {**typed, "field": "q-met"})
    rest = {f"q-{code}": FULL_OPTIONS[code][0] for code in ("reach", "welcome")}
    return given(client, address, {**typed, **rest})


def opens(client: Client, address: str, _typed: Mapping[str, Any]) -> None:
    assert client.get(address).status_code == 200


def goes_on(client: Client, address: str, typed: Mapping[str, Any]) -> None:
    assert client.post(address, typed).headers["Location"].endswith("/skjema/kundebehandleren/")


def saves(client: Client, address: str, typed: Mapping[str, Any]) -> None:
    assert client.post(address, typed).json()["fields"]["q-met"]["state"] == "saved"


def locked(world: Results) -> Edition:
    publishing.lock_edition(edition_id=world.edition_id, by=None, at=AT)
    return world.edition


def taken_out(edition: Edition) -> str:
    """The code of a contact that somebody took out of the plan."""
    before = {"shopper": "borte", "day": "2022-01-12", "window": ""}
    audit.record_event(
        at=NOW,
        actor=None,
        action=TAKEN_BACK,
        subject=f"{edition.code}/tatt-ut",
        detail={"participant": "borte", "channel": Channel.CHAT, "before": before},
    )
    return "tatt-ut"


def held_by_others(edition: Edition) -> dict[str, Assignment]:
    """Every contact as if somebody else had it before."""
    held = losses.held_now(edition)
    shoppers = list(Shopper.objects.filter(edition=edition).values_list("pk", flat=True))
    for assignment in held.values():
        assignment.shopper_id = next(pk for pk in shoppers if pk != assignment.shopper_id)
    return held


def published_plainly(world: Results) -> str:
    publishing.publish_edition(edition_id=world.edition_id, at=AT, shows_confidence=False)
    return world.edition.code


FIELD_WORK = (
    Cost(User.objects.get, 1, lambda w: given(pk=w.leader.pk)),
    Cost(history.version_of, 1, lambda w: given(clean.queue_lines(w.edition))),
    Cost(history.versions_of, 1, lambda w: given(clean.queue_lines(w.edition))),
    Cost(history.acts_since, 1, lambda w: given(clean.queue_lines(w.edition), "0")),
    Cost(history.subjects_since, 1, lambda w: given(clean.queue_lines(w.edition), "0")),
    Cost(audit.record_events, 1, lambda w: given(actor=w.leader, action="a.b", moments=[("s", NOW)] * w.rows)),
    Cost(attempts.tries_of, 1, lambda w: tries_given(w.contact("tried"))),
    Cost(attempts.tries_of, 0, lambda w: tries_given(with_attempts(w.contact("tried")))),
    Cost(begun.beginning_of, 1, lambda w: given(w.contact("tried"))),
    Cost(attempts.made_off_hours, 1, lambda w: given(w.edition, among=[w.contact("tried").pk])),
    Cost(clean.sort_queue, 10, lambda w: given(w.edition)),
    Cost(clean.sort_queue, 11, lambda w: given(with_a_no_to_tick(w.edition))),
    Cost(clean.queue_version, 1, lambda w: given(w.edition)),
    Cost(clean.changed_since, 1, lambda w: given(w.edition, "0", by=None)),
    Cost(content.handed_in_content, 2, lambda w: given(w.contact("commented"))),
    Cost(drafts.saved_response, 1, lambda w: given(w.contact("drafted"))),
    Cost(drafts.saved_response, 0, lambda w: given(w.contact("drafted", "response"))),
    Cost(drafts.read_draft, 1, lambda w: given(w.contact("drafted"))),
    Cost(drafts.read_draft, 0, lambda w: given(w.contact("drafted", "response"))),
    Cost(drafts.read_draft, 3, lambda w: given(imported(w.contact("commented")))),
    Cost(closing.undone_before_closing, 1, lambda w: given(w.edition)),
    Cost(closing.undone_after_closing, 2, lambda w: given(w.edition)),
    Cost(names.names_apart, 0, lambda _: given(list(Edition.objects.all()))),
    Cost(questionnaire.questionnaire_for, 1, lambda w: given(w.edition, Channel.TELEPHONE)),
    Cost(questionnaire.questionnaires_of, 1, lambda w: given(w.edition, tuple(Channel.values))),
    Cost(questionnaire.wait_rules_for, 1, lambda w: given(w.edition, Channel.TELEPHONE)),
    Cost(questionnaire.wait_rules_of, 1, lambda w: given(w.edition, tuple(Channel.values))),
    Cost(returns.return_notes, 1, lambda w: given(w.contacts["returned"])),
    Cost(review.review_queue, 4, lambda w: given(w.edition)),
    Cost(review.next_in_queue, 2, lambda w: given(w.edition, after=last_in_queue(w))),
    Cost(review.review_sheet, 10, lambda w: given(w.contact("returned"))),
    Cost(sealing.open_editions, 1, lambda _: given()),
    Cost(sealing.waiting_requests, 1, lambda w: given(w.edition)),
    Cost(versions.review_version, 1, lambda w: given(w.contact("clean"))),
    Cost(versions.placing_version, 1, lambda w: given(w.contact("clean"))),
    Cost(versions.gate_version, 1, lambda w: given(w.edition)),
    Cost(voiding.void_consequences, 2, lambda w: given(w.contact("asked"))),
    Cost(voiding.list_void, 3, lambda w: given(w.edition)),
    Cost(voiding.voiding_of, 1, lambda w: given(w.contact("asked"))),
    Cost(guard.hold_contact, 1, lambda w: given(w.contacts["clean"][0])),
    Cost(guard.hold_contact, 2, lambda w: given(w.contacts["clean"][0], among=Contact.objects.all())),
    Cost(guard.check_among, 1, lambda w: given(w.contact("clean"), errands.contacts_of(w.person))),
    Cost(guard.check_among, 0, lambda w: given(w.contact("clean"), None)),
    Cost(guard.hold_response_for_shopper, 1, lambda w: given(w.contacts["drafted"][0])),
    Cost(reporting.report_contacts, 13, lambda w: given(edition_id=w.edition_id, reports=all_reported(w))),
    Cost(seen.check_seen, 1, lambda w: given(clean.queue_lines(w.edition), clean.queue_version(w.edition))),
    Cost(addresses.owner_of_address, 4, lambda w: given(edition=w.edition, address="ingen@example.test")),
    Cost(board.classes_of, 1, lambda w: given(w.edition)),
    Cost(board.first_shown_class, 1, lambda w: given(w.edition)),
    Cost(board.first_shown_class, 2, lambda w: given(with_many_participants(w.edition))),
    Cost(board.read_board, 3, lambda w: given(w.edition, at=NOW)),
    Cost(briefing.read_standing, 2, lambda w: given(w.errand("drafted"), at=NOW)),
    Cost(briefing.read_briefing, 5, lambda w: given(w.errand("returned"), at=NOW)),
    Cost(changes.change_lines, 2, lambda w: given(w.edition_id, some_changes(w))),
    Cost(changes.notices, 1, lambda w: given(w.edition_id, some_changes(w))),
    Cost(errands.my_errands, 4, lambda w: given(w.person, at=NOW)),
    Cost(errands.my_errands, 5, lambda w: given(with_another_edition(w), at=NOW)),
    Cost(errands.has_finished, 1, lambda w: given(w.person)),
    Cost(errands.last_field_day, 1, lambda w: given(w.person)),
    Cost(shopper_guides.busiest_shopper, 2, lambda _: given(NOW)),
    Cost(contacts.list_contacts, 3, lambda w: given(w.edition, contacts.Narrowed(), at=NOW)),
    Cost(gone.gone_contact, 3, lambda w: given(w.edition, taken_out(w.edition))),
    Cost(gone.gone_contact, 1, lambda w: given(w.edition, "aldri-her")),
    Cost(wishes.wishes_for, 2, lambda w: given(w.leader)),
    Cost(lost.lost_errands, 5, lambda w: given(w.edition)),
    Cost(lost.lost_errands, 3, lambda w: given(w.edition, since=LATER)),
    Cost(lost.my_lost_errands, 6, lambda w: given(w.person, at=NOW)),
    Cost(lost.my_lost_errands, 4, lambda w: given(w.person, at=LATER)),
    Cost(lost.my_lost_errands, 1, lambda w: given(w.leader, at=NOW)),
    Cost(repairs.contacts_to_repair, 1, lambda w: given(w.edition, at=NOW)),
    Cost(repairs.missing_contacts, 4, lambda w: given(w.edition)),
    Cost(office.list_shoppers, 1, lambda w: given(w.edition, at=NOW)),
    Cost(office.planned_assignments, 1, lambda w: given(w.edition)),
    Cost(planning.plan_basis, 5, lambda w: given(w.edition, repair=False, at=NOW)),
    Cost(planning.plan_basis, 6, lambda w: given(w.edition, repair=True, at=NOW)),
    Cost(planning.planning_problem, 5, lambda w: given(w.edition)),
    Cost(planning.people_problem, 2, lambda w: given(w.edition)),
    Cost(planning.all_contacts, 1, lambda w: given(w.edition)),
    Cost(planning.standing_figures, 6, lambda w: given(w.edition)),
    Cost(planning.standing_figures, 1, lambda _: given(factories.make_edition("uten-plan"))),
    Cost(planning.people_problem, 2, lambda w: given(w.edition)),
    Cost(losses.held_now, 1, lambda w: given(w.edition)),
    Cost(losses.note_losses, 2, lambda w: given(w.edition, before=losses.held_now(w.edition), at=NOW)),
    Cost(losses.note_losses, 3, lambda w: given(w.edition, before=held_by_others(w.edition), at=NOW)),
    Cost(planning.demands_of, 2, lambda w: given(w.edition)),
    Cost(proposals.undecided_proposals, 1, lambda w: given(w.edition)),
    Cost(sheet.read_sheet, 4, lambda w: given(w.shopper, at=NOW)),
    Cost(places.shopper_version, 1, lambda w: given(w.shopper)),
    Cost(places.plan_version, 1, lambda w: given(w.edition)),
    Cost(places.board_versions, 1, lambda w: given(w.edition)),
    Cost(workload.read_workload, 2, lambda w: given(w.edition)),
    Cost(workload.counties_of, 1, lambda w: given(w.edition)),
    Cost(plan_files.shopper_calendar, 1, lambda w: given(w.edition, my_assignments(w), at=NOW)),
    Cost(access.keep_logged_in, 0, lambda w: given(visited_today(w), at=NOW)),
    Cost(shopper_questionnaire.fill_in, 6, browser_at_the_questionnaire, act=opens),
    Cost(shopper_questionnaire.fill_in, 10, browser_at_the_questionnaire, act=goes_on),
    Cost(shopper_questionnaire.autosave, 8, lambda w: browser_at_the_questionnaire(w, saves=True), act=saves),
)
COUNTED = (
    Cost(editions.read_edition, 8, lambda w: given(w.edition)),
    Cost(editions._read_answers, 3, lambda w: given(w.edition)),
    Cost(grouped.read_grouped, 8, lambda w: given(w.edition)),
    Cost(grouped._read_contacts, 1, lambda w: given(w.edition, 10_000)),
    Cost(runs.may_be_outdated, 1, lambda w: given(w.run)),
    Cost(counts.result_of, 5, lambda w: given(w.run)),
    Cost(lookup.edition_at, 0, lambda w: given(w.edition, at=AT)),
    Cost(lookup.edition_at, 1, lambda w: given(locked(w), at=AT)),
    Cost(explanation._Words, 2, lambda w: given(w.edition)),
    Cost(log.edition_log, 2, lambda w: given(w.edition)),
    Cost(overview.list_editions, 3, lambda _: given(at=AT)),
    Cost(overview.result_rows, 2, lambda w: given(w.run)),
    Cost(loading.load_package, 17, lambda w: given(w.edition)),
    Cost(work.contacts_with_work, 3, lambda w: given(w.edition, loading.load_package(w.edition))),
    Cost(gates.undone_before, 6, lambda w: given(RequestKind.PUBLISH, w.edition)),
    Cost(results.results_of, 3, lambda w: given(w.run)),
    Cost(results.results_of, 4, lambda w: given(ScoreRun.objects.get(pk=w.run_id))),
    Cost(evidence.evidence_of, 12, lambda w: given(w.run)),
    Cost(reading.report_of, 3, lambda w: given(evidence.evidence_of(w.run), "bank-1")),
    Cost(reports.count_batch, 1, lambda w: given(w.run_id)),
    Cost(comparison.run_choices, 1, lambda w: given(w.edition, others=[])),
    Cost(confidence.read_confidence, 1, lambda w: given(w.study(StudyKind.CONFIDENCE))),
    Cost(studies.names_of, 2, lambda w: given(w.edition)),
    Cost(severity.read_severity, 3, lambda w: given(w.study(StudyKind.SEVERITY))),
    Cost(zeros.read_zeros, 2, lambda w: given(w.study(StudyKind.ZEROS))),
    Cost(public.published_results, 4, lambda w: given(published_plainly(w), at=AT)),
)
PUBLISHED = (
    Cost(archive.list_years, 1, lambda _: given()),
    Cost(archive.archived_year, 1, lambda _: given(2011)),
    Cost(guides.winners_person, 2, lambda _: given(AT)),
    Cost(method.method_of, 5, lambda w: given(public.published_edition(w.edition.code, at=AT))),
    Cost(public.list_published, 3, lambda _: given(at=AT)),
    Cost(public.latest_published, 1, lambda _: given(at=AT)),
    Cost(public.published_results, 7, lambda w: given(w.edition.code, at=AT)),
    Cost(portal.own_results, 5, lambda w: given(w.member, at=AT)),
)
COSTS = (*FIELD_WORK, *COUNTED, *PUBLISHED)


@pytest.mark.django_db
@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("world_of", "costs"),
    [(field_work, FIELD_WORK), (counted, COUNTED), (published, PUBLISHED)],
    ids=["field work", "counted", "published"],
)
def test_every_promise_is_kept_in_a_small_world_and_in_a_larger_one(
    world_of: Callable[..., object], costs: tuple[Cost, ...]
) -> None:
    found = []
    for code, rows in ROWS.items():
        world = world_of(rows, code=code)
        found += [(cost.name, code, cost.counted_in(world)) for cost in costs]

    assert found == [(cost.name, code, cost.queries) for code in ROWS for cost in costs]


# What is promised -----------------------------------------------------------------------------------------------------

NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
A_NUMBER = "|".join(NUMBERS)
CODE_NAMES = re.compile(r"`[^`]*`")
PROMISE = re.compile(rf"\b(?:({A_NUMBER}) or )?({A_NUMBER}) (?:database )?quer(?:y|ies)\b", re.IGNORECASE)
NONE_AT_ALL = re.compile(r"\bquer(?:y|ies)\b[^.]*\bnone\b", re.IGNORECASE)
SPOKEN_OF = re.compile(r"\bquer(?:y|ies)\b(?! sets?\b)", re.IGNORECASE)


def docstrings() -> Iterator[tuple[str, str]]:
    """(dotted name, docstring) of every function, method and class of the product."""

    def below(node: ast.AST, name: str) -> Iterator[tuple[str, str]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                inner = f"{name}.{child.name}"
                yield inner, ast.get_docstring(child) or ""
                yield from below(child, inner)

    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield from below(ast.parse(path.read_text(encoding="utf-8")), module)


def numbers_in(docstring: str) -> set[int]:
    """The numbers of queries a docstring names."""
    text = CODE_NAMES.sub("", docstring)
    words = {word.lower() for found in PROMISE.findall(text) for word in found if word}
    return {NUMBERS.index(word) for word in words} | ({0} if NONE_AT_ALL.search(text) else set())


def test_every_docstring_that_speaks_of_queries_says_a_number_that_is_counted() -> None:
    spoken = {name: text for name, text in docstrings() if SPOKEN_OF.search(CODE_NAMES.sub("", text))}
    promised = {name: numbers_in(text) for name, text in spoken.items()}
    listed: dict[str, set[int]] = {}
    for cost in COSTS:
        listed.setdefault(cost.name, set()).add(cost.queries)

    assert sorted(promised.keys() - listed.keys()) == [], "promises without a line in the table"
    assert sorted(listed.keys() - promised.keys()) == [], "lines without a promise"
    assert {name: numbers for name, numbers in promised.items() if numbers != listed[name]} == {}


@pytest.mark.parametrize(
    ("docstring", "numbers"),
    [
        ("Two queries.", {2}),
        ("One or two queries, whatever the size.", {1, 2}),
        ("At most four queries; seven queries with `more`.", {4, 7}),
        ("One query, none where it was read before.", {0, 1}),
        ("It costs no query.", {0}),
        ("As in `surveys.queries`.", set()),
    ],
)
def test_the_numbers_of_a_promise_are_read(docstring: str, numbers: set[int]) -> None:
    assert numbers_in(docstring) == numbers
