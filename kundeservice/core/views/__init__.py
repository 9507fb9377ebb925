"""Pages of the floor: log-in, the way to one's own door, progress of background work, health."""

from django.http import HttpRequest

from kundeservice.core.models import User


class PersonRequest(HttpRequest):
    """A request behind the log-in: `user` is a person, never the anonymous visitor."""

    user: User
