"""Who may see and do what on the floor."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest

from kundeservice.core.models import Job, Role, User


def person_of(request: HttpRequest) -> User:
    """Return who is logged in. The log-in middleware has seen to it that somebody is, unless a view is exempted."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def is_leader(user: User | AnonymousUser) -> bool:
    """Tell whether the person runs the award."""
    return user.is_authenticated and user.has_role(Role.LEADER)


def jobs_visible_to(user: User | AnonymousUser, jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Return the jobs a person may follow: a leader all of them, others the ones they ordered."""
    if user.is_anonymous:
        return jobs.none()
    if is_leader(user):
        return jobs
    return jobs.filter(created_by=user)
