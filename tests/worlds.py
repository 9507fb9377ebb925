"""Two small worlds in which every kind of thing stands as often as is asked.

An edition in its field period, and one that is counted, with or without being published. `rows` is how many there are
of everything that may be many, so that what is asked of the database can be counted in a small world and in a larger.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from awards.models import ArchivedResult, Report, ReportState, Study, StudyKind
from awards.publication.services.publishing import publish_edition
from awards.studies.services import make_study
from kundeservice.core.models import Role, RoleGrant, User
from scoring.models import ScoreRun
from scoring.services import count_edition
from shoppers.models import Assignment, Plan, PlanProposal, Relation, Shopper
from shoppers.queries.errands import visible_assignments
from shoppers.services.moving import move_contact
from surveys.engine.weeks import iso_week
from surveys.models import (
    Area,
    AttemptResult,
    Channel,
    Contact,
    Edition,
    LeaderRequest,
    Option,
    Participant,
    ParticipantMember,
    Phase,
    Question,
    QuestionKind,
    RequestKind,
    RolePlay,
    Window,
)
from surveys.services import ask_to_void, record_attempt, return_response, save_draft, submit_response
from tests import factories
from tests.awards.studies.conftest import assign_shoppers
from tests.factories import believable_edition
from tests.surveys.conftest import FULL_OPTIONS, FULL_VALUES, annul, oslo

NOW = oslo("2022-01-18 10:00")
"""A Tuesday in the third week of the field period of `FieldWork`."""
WHY = "Fordi."

THIS_WEEK, LATER = 3, 5
FILLED_IN = ("clean", "commented", "drafted", "returned", "asked")
UNTOUCHED = ("open", "annulled", "moved", "reported", "related")


@dataclass
class FieldWork:
    """An edition in its field period; of every state there are as many contacts as there are rows, all of one shopper.

    `contacts` are keys by state: open, tried, drafted, clean and commented (handed in), returned, asked (somebody wants
    it annulled), annulled, moved (to somebody else), related (its shopper is a customer there), reported (open too).
    """

    edition_id: int
    rows: int
    leader: User
    person: User
    contacts: dict[str, list[int]] = field(default_factory=dict)

    @property
    def edition(self) -> Edition:
        """Read anew, as a view does."""
        return Edition.objects.get(pk=self.edition_id)

    @property
    def shopper(self) -> Shopper:
        return Shopper.objects.select_related("edition").get(edition=self.edition_id, user=self.person)

    def contact(self, state: str, *related: str) -> Contact:
        """The first contact in a state, read with its edition and with `related`."""
        return Contact.objects.select_related("edition", *related).get(pk=self.contacts[state][0])

    def errand(self, state: str) -> Contact:
        """The same as its shopper's pages read it."""
        return visible_assignments(self.person).get(contact=self.contacts[state][0]).contact


def field_work(rows: int, *, code: str) -> FieldWork:
    edition = factories.make_edition(
        code,
        phase=Phase.FIELD,
        starts_on=dt.date(2022, 1, 3),
        ends_on=dt.date(2022, 2, 11),
        contacts_per_participant=25,
    )
    factories.make_questionnaire(edition)
    _ask_more(edition, rows)
    world = FieldWork(edition.pk, rows, _leader_since(NOW - dt.timedelta(days=30)), factories.make_person(Role.SHOPPER))
    me = _shopper(edition, "meg", user=world.person)
    for row in range(rows):
        award_class = factories.make_class(edition, f"klasse-{row}", f"Klasse {row}")
        RolePlay.objects.create(edition=edition, award_class=award_class, code=f"rolle-{row}", title_nb="Kunde")
        home = factories.make_participant(
            award_class, f"Firma {row}", code=f"firma-{row}", member=factories.make_person()
        )
        _shopper(edition, f"annen-{row}", user=factories.make_person(Role.SHOPPER))
        for week, states in ((THIS_WEEK, (*FILLED_IN, "tried")), (LATER, UNTOUCHED)):
            for weekday, state in enumerate(states, start=1):
                contact = _contact(home, f"{state}-{row}", me, on=dt.date.fromisocalendar(2022, week, weekday))
                world.contacts.setdefault(state, []).append(contact.pk)
                _bring_to(state, contact, world)
        stranger = factories.make_participant(award_class, f"Kunde {row}", code=f"kunde-{row}")
        Contact.objects.filter(pk=world.contacts["related"][row]).update(participant=stranger)
        Relation.objects.create(shopper=me, participant=stranger)
        _plan(edition)
    LeaderRequest.objects.create(
        edition=edition, kind=RequestKind.VIEW, reason=WHY, asked_by=world.leader, asked_at=NOW
    )
    return world


def _ask_more(edition: Edition, number: int) -> None:
    """Questions that nobody needs to answer."""
    for order in range(100, 100 + number):
        question = Question.objects.create(
            edition=edition, code=f"more-{order}", area=Area.AGENT, order=order, text_nb="Mer?", required=False,
            kind=QuestionKind.SINGLE,
        )  # fmt: skip
        Option.objects.create(question=question, code="yes", order=1, text_nb="Ja")


def _leader_since(when: dt.datetime) -> User:
    leader = factories.make_person(Role.LEADER)
    RoleGrant.objects.filter(user=leader).update(granted_at=when)
    return leader


def _shopper(edition: Edition, code: str, *, user: User) -> Shopper:
    return Shopper.objects.create(
        edition=edition, code=code, name=f"Shopper {code}", email=user.email, user=user, county="Oslo",
        channels=" ".join(Channel.values), max_contacts=99, max_per_week=99,
    )  # fmt: skip


def _contact(participant: Participant, code: str, shopper: Shopper, *, on: dt.date) -> Contact:
    contact = Contact.objects.create(
        edition=shopper.edition, participant=participant, channel=Channel.TELEPHONE, code=code, week=iso_week(on),
        planned_on=on, window=Window.MORNING,
    )  # fmt: skip
    Assignment.objects.create(contact=contact, shopper=shopper)
    return contact


def _bring_to(state: str, contact: Contact, world: FieldWork) -> None:
    """Let what has been done with a contact in this state be done."""
    if state == "tried":
        record_attempt(contact_id=contact.pk, started_at=NOW, result=AttemptResult.NOT_QUEUED, at=NOW)
    if state in FILLED_IN:
        _fill_in(contact, comment=state != "clean", hands_in=state != "drafted")
    if state == "returned":
        return_response(contact_id=contact.pk, by=world.leader, note=WHY, at=NOW)
    if state == "asked":
        ask_to_void(contact_id=contact.pk, reason="other", note=WHY, by=world.leader, at=NOW)
    if state == "annulled":
        annul(contact, note=WHY, at=NOW)
    if state == "moved":
        move_contact(contact_id=contact.pk, by=world.leader, at=NOW, shopper=f"annen-{contact.code.split('-')[1]}")


def _fill_in(contact: Contact, *, comment: bool, hands_in: bool) -> None:
    record_attempt(contact_id=contact.pk, started_at=NOW, wait_seconds=45, result=AttemptResult.ANSWERED, at=NOW)
    comments = {Area.AGENT.value: "Kari var flink."} if comment else {}
    draft = save_draft(contact_id=contact.pk, options=FULL_OPTIONS, values=FULL_VALUES, comments=comments, at=NOW)
    if hands_in:
        submit_response(contact_id=contact.pk, submission_key=draft.submission_key, at=NOW)


def _plan(edition: Edition) -> None:
    Plan.objects.create(
        edition=edition, created_at=NOW, seed=1, is_repair=True, input_digest="0" * 64, figures=[], changes=[]
    )
    PlanProposal.objects.create(
        edition=edition, created_at=NOW, seed=1, is_repair=True, input_digest="0" * 64, figures=[], changes=[]
    )


@dataclass
class Results:
    """A counted edition, studied, with a report for everybody; `member` is one of every participant's own people."""

    edition_id: int
    run_id: int
    rows: int
    member: User

    @property
    def edition(self) -> Edition:
        """Read anew, as a view does."""
        return Edition.objects.get(pk=self.edition_id)

    @property
    def run(self) -> ScoreRun:
        """Read anew with its edition, as a view does."""
        return ScoreRun.objects.select_related("edition").get(pk=self.run_id)

    def study(self, kind: StudyKind) -> Study:
        return Study.objects.select_related("run__edition").get(run=self.run_id, kind=kind)


def counted(rows: int, *, code: str) -> Results:
    """Not published: some contacts are not made, and nobody may see the results."""
    edition = believable_edition(code=code, classes=rows, participants=2)
    member = factories.make_person(Role.PARTICIPANT)
    ParticipantMember.objects.bulk_create(
        ParticipantMember(participant=participant, user=member) for participant in edition.participants.all()
    )
    assign_shoppers(edition)
    run = count_edition(edition_id=edition.pk, at=factories.AT)
    for kind in StudyKind:
        make_study(run_id=run.pk, kind=kind, at=factories.AT)
    for participant in edition.participants.all():
        Report.objects.create(run=run, participant=participant, state=ReportState.DONE, sha256="0" * 64)
    for year in range(rows):
        ArchivedResult.objects.create(award=code, year=2011 + year, class_name="Bank", winner="Firma", source="Nett")
    return Results(edition.pk, run.pk, rows, member)


def published(rows: int, *, code: str) -> Results:
    """And published, with how sure the results are."""
    world = counted(rows, code=code)
    publish_edition(edition_id=world.edition_id, at=factories.AT, shows_confidence=True)
    return world
