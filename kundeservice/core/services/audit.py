"""Adding to the audit trail."""

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
