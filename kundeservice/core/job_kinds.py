"""What kinds of background work are called on the screen."""

from django.utils.functional import Promise

_labels: dict[str, str | Promise] = {}


def name_job_kind(kind: str, label: str | Promise) -> None:
    """Remember what `kind`, such as `awards.render_reports`, is called."""
    _labels[kind] = label


def label_of_job_kind(kind: str) -> str:
    """Return the name of a kind of work in the reader's language, or "" when it was given none."""
    return str(_labels.get(kind, ""))
