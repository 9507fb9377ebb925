"""What kinds of background work are called on the screen, and which queue they wait in.

People who wait for an answer never stand behind a batch: there are two queues, with a worker (or part of one) for each.
"""

from enum import StrEnum

from django.utils.functional import Promise


class Queue(StrEnum):
    """The two queues: what somebody waits for, and what takes long and is waited for by nobody in particular."""

    QUICK = "quick"
    BATCH = "batch"


_labels: dict[str, str | Promise] = {}
_queues: dict[str, Queue] = {}


def name_job_kind(kind: str, label: str | Promise, *, queue: Queue) -> None:
    """Remember what `kind`, such as `awards.render_reports`, is called and where it waits."""
    _labels[kind] = label
    _queues[kind] = queue


def label_of_job_kind(kind: str) -> str:
    """Return the name of a kind of work in the reader's language, or "" when it was given none."""
    return str(_labels.get(kind, ""))


def queue_of_job_kind(kind: str) -> Queue:
    """Return where a kind of work waits; an unknown kind, of another version, is told about quickly."""
    return _queues.get(kind, Queue.QUICK)
