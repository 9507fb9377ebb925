"""The only place that reads the clock. Everything else takes the time as an argument, `at=`."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """Return the present moment as an aware datetime in UTC."""
    return timezone.now()  # noqa: TID251  # the one place
