"""What whoever orders work is told when nobody could be told to begin on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kundeservice.core.models import Job, JobState


def warn_if_order_waits(request: HttpRequest, **about: Any) -> None:
    """Tell in plain words that ordered work is kept, when the queue was away and no worker knows of it yet.

    `about` says which work, as fields of `Job`: `subject=edition.code`, or `payload__upload=17`.
    """
    if Job.objects.filter(state=JobState.QUEUED, woken_at__isnull=True, **about).exists():
        messages.warning(
            request,
            _("Arbeidskøen er borte akkurat nå. Arbeidet er lagret og begynner av seg selv når køen er tilbake."),
        )
