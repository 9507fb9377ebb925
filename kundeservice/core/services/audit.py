"""Adding to the audit trail."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kundeservice.core.models import AuditEvent, User


def record_event(
    *, at: datetime, actor: User | None, action: str, subject: str, detail: dict[str, Any] | None = None
) -> AuditEvent:
    """Add one line: `actor` did `action` (such as `edition.locked`) to `subject` (such as an edition's code).

    `actor` is None when the system itself acted. `detail` must be JSON; never put a score into it.
    """
    return AuditEvent.objects.create(at=at, actor=actor, action=action, subject=subject, detail=detail or {})


def record_events(
    *, actor: User | None, action: str, moments: Iterable[tuple[str, datetime]], detail: dict[str, Any] | None = None
) -> None:
    """Add a line for each (subject, moment), as `record_event` does for one. One query."""
    AuditEvent.objects.bulk_create(
        AuditEvent(at=at, actor=actor, action=action, subject=subject, detail=detail or {}) for subject, at in moments
    )
