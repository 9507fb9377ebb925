"""Which lines of the audit trail make the version of a shopper, of the board's marks and of the plan."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q

from kundeservice.core.queries.history import FIRST_VERSION, version_of, versions_of
from shoppers.models import Shopper
from surveys.models import Edition
from surveys.queries.versions import REPLANNED, REWRITTEN

PLAN_ACTS = (*REPLANNED, "edition.proposal_discarded")


def shopper_lines(shopper: Shopper) -> Q:
    """What is done to a shopper: leaving, staying, relations, corrections, an import."""
    own = Q(subject=f"{shopper.edition.code}/{shopper.code}", action__startswith="shopper.")
    return own | Q(subject=shopper.edition.code, action=REWRITTEN)


def shopper_version(shopper: Shopper) -> str:
    """The version of a shopper's page. One query."""
    return version_of(shopper_lines(shopper))


def plan_lines(edition: Edition) -> Q:
    """What decides about plans and proposals."""
    return Q(subject=edition.code, action__in=PLAN_ACTS)


def plan_version(edition: Edition) -> str:
    """The version of the plan and the proposals beside it. One query."""
    return version_of(plan_lines(edition))


def board_versions(edition: Edition) -> Callable[[str], str]:
    """Contact's code → the version of its place in the plan, for every contact not yet handed in. One query."""
    moved = Q(subject__startswith=f"{edition.code}/", action__startswith="contact.")
    by_subject = versions_of(moved | Q(subject=edition.code, action__in=REPLANNED))
    of_plan = by_subject.get(edition.code, FIRST_VERSION)

    def version(contact_code: str) -> str:
        return max(of_plan, by_subject.get(f"{edition.code}/{contact_code}", FIRST_VERSION), key=int)

    return version
