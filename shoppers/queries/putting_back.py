"""Whether the plan has room for a contact that is put back where it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shoppers.planner import PlannedContact, Rule, Violation
from shoppers.queries.placing import Surroundings
from shoppers.queries.planning import all_contacts, people_problem, plan_basis
from shoppers.queries.refusals import why_refused
from surveys.engine.weeks import iso_week
from surveys.models import Contact
from surveys.queries.begun import beginning_of, is_begun

HELD_AGAINST_FACTS = frozenset({Rule.UNRELATED, Rule.MEETS_ONCE, Rule.USABLE_CHANNEL})
"""What is made is made, whatever there was room for. But what no edition package may say is not put back either."""
NEED_A_DAY = frozenset({Rule.ONE_A_DAY, Rule.WORKING_DAY, Rule.AVAILABILITY, Rule.WINDOW})
"""Nothing can be said of these where a package has named the week alone."""

WAY_ON: Mapping[Rule, Promise] = {
    Rule.ONE_A_DAY: gettext_lazy("Flytt %(codes)s til en annen dag først."),
    Rule.MEETS_ONCE: gettext_lazy("Gi bort %(codes)s først."),
    Rule.MAX_PER_WEEK: gettext_lazy("Flytt eller gi bort minst én av disse først: %(codes)s."),
    Rule.MAX_CONTACTS: gettext_lazy("Gi bort minst én av disse først: %(codes)s."),
    Rule.CONTACTS_PER_CHANNEL: gettext_lazy("Ta minst én av disse ut av planen først: %(codes)s."),
}
"""What can be done about the contacts that stand in the way."""
_Test = Callable[[PlannedContact, PlannedContact], bool]
_IN_THE_WAY: Mapping[Rule, _Test] = {
    Rule.ONE_A_DAY: lambda one, other: (one.participant, one.day) == (other.participant, other.day),
    Rule.MEETS_ONCE: lambda one, other: (one.shopper, one.participant) == (other.shopper, other.participant),
    Rule.MAX_PER_WEEK: lambda one, other: (one.shopper, iso_week(one.day)) == (other.shopper, iso_week(other.day)),
    Rule.MAX_CONTACTS: lambda one, other: one.shopper == other.shopper,
    Rule.CONTACTS_PER_CHANNEL: lambda one, other: (one.participant, one.channel) == (other.participant, other.channel),
}


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a contact cannot stand where it was, and what can be done about it, in the reader's language."""

    why: str
    way_on: str


def objection_to(contact: Contact, *, at: dt.datetime) -> Objection | None:
    """What the hard rules say against a contact that is not annulled, beside everything else in the plan.

    Of one that is begun or made they ask only what a package would be refused for. None where it can stand.

    Raises: Infeasible when a participant's channels contradict themselves, and nobody has begun the contact.
    """
    is_fact = beginning_of(contact) is not None
    around = _made(contact) if is_fact else _unmade(contact, at=at)
    if around is None:
        return None
    broken = _heeded(around.broken_rules(around.current), contact, is_fact=is_fact)
    if broken:
        return Objection(why_refused(broken), _way_on(contact, around, broken))
    if is_fact and contact.channel not in {point.channel for point in contact.participant.contact_points.all()}:
        return Objection(_("kontaktmåten er stengt hos deltakeren"), _("Åpne den igjen hos deltakeren først."))
    return None


def _heeded(broken: Iterable[Violation], contact: Contact, *, is_fact: bool) -> list[Violation]:
    if is_fact:
        return [violation for violation in broken if violation.rule in HELD_AGAINST_FACTS]
    return [violation for violation in broken if contact.planned_on or violation.rule not in NEED_A_DAY]


def _made(contact: Contact) -> Surroundings | None:
    planned = {one.key: one for one in all_contacts(contact.edition)}
    current = planned.pop(contact.code, None)
    if current is None:
        return None
    return Surroundings(people_problem(contact.edition), current, tuple(planned.values()))


def _unmade(contact: Contact, *, at: dt.datetime) -> Surroundings | None:
    """The days of the whole period: what is late is late, as it would be had nobody annulled it."""
    basis = plan_basis(contact.edition, repair=True, at=at)
    planned = {one.key: one for one in basis.contacts}
    current = planned.pop(contact.code, None)
    if current is None:
        return None
    fixed = tuple(one for one in basis.problem.fixed if one.key != contact.code)
    return Surroundings(replace(basis.problem, days=basis.period, fixed=fixed), current, tuple(planned.values()))


def _way_on(contact: Contact, around: Surroundings, broken: Iterable[Violation]) -> str:
    rules = dict.fromkeys(violation.rule for violation in broken)
    near = {
        rule: [other.key for other in around.others if _IN_THE_WAY[rule](around.current, other)]
        for rule in rules
        if rule in _IN_THE_WAY
    }
    codes = {code for found in near.values() for code in found}
    movable = Contact.objects.filter(edition=contact.edition_id, code__in=codes).exclude(is_begun())
    free = set(movable.values_list("code", flat=True))
    sentences = [
        str(WAY_ON[rule]) % {"codes": ", ".join(code for code in found if code in free)}
        for rule, found in near.items()
        if free.intersection(found)
    ]
    if Rule.UNRELATED in rules:
        sentences.append(_("Er forholdet lagt inn ved en feil, kan det fjernes på mystery shopperens side."))
    return " ".join(sentences)
