"""Which edition and which count is meant: by the code people type, as it stands now, and in force."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from awards.models import Publication
from scoring.models import ScoreRun
from scoring.queries import latest_run
from surveys.models import Edition, Phase


class EditionNotFound(LookupError):
    """There is no edition of that code; the text says so in the reader's language."""

    def __str__(self) -> str:
        return _("Det finnes ingen årgang med koden «%(code)s».") % {"code": self.args[0]}


def edition_by_code(code: str) -> Edition:
    """The edition called `code`. Raises: EditionNotFound."""
    edition = Edition.objects.filter(code=code).first()
    if edition is None:
        raise EditionNotFound(code)
    return edition


def edition_at(edition: Edition, *, at: dt.datetime) -> Edition:
    """The edition with the phase it has at `at`. One query for a locked edition, none for any other.

    A planned publication comes true at its moment, and is noted on the edition's row a little later. Pages must not
    tell two stories in between, so the edition they show is published from the moment on. It is not to be saved.
    """
    if edition.phase == Phase.LOCKED and Publication.objects.due(at=at).filter(edition=edition).exists():
        edition.phase = Phase.PUBLISHED
    return edition


def run_in_force(edition: Edition) -> ScoreRun | None:
    """The count that is published, or would be: a locked edition's is the one its lock rests on, else the newest."""
    lock = edition.locks.select_related("run").first() if edition.is_locked else None
    return lock.run if lock is not None else latest_run(edition)
