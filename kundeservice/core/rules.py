"""Who may see and do what on the floor."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from rules.predicates import predicate

from kundeservice.core.models import Job, Role, User


def person_of(request: HttpRequest) -> User:
    """Return who is logged in. The log-in middleware has seen to it that somebody is, unless a view is exempted."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


@predicate
def leads(user: User | AnonymousUser) -> bool:
    """Tell whether the person runs the award."""
    return user.is_authenticated and user.has_role(Role.LEADER)


@predicate
def reviews(user: User | AnonymousUser) -> bool:
    """Tell whether the person reads responses before they count: a reviewer, or the leader."""
    return user.is_authenticated and user.has_role(Role.LEADER, Role.REVIEWER)


@predicate
def asks(user: User | AnonymousUser) -> bool:
    """Tell whether the person is a shopper."""
    return user.is_authenticated and user.has_role(Role.SHOPPER)


@predicate
def takes_part(user: User | AnonymousUser) -> bool:
    """Tell whether the person belongs to a participant."""
    return user.is_authenticated and user.has_role(Role.PARTICIPANT)


def jobs_visible_to(user: User | AnonymousUser, jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Return the jobs a person may follow: a leader all of them, others the ones they ordered."""
    if user.is_anonymous:
        return jobs.none()
    if leads(user):
        return jobs
    return jobs.filter(created_by=user)
