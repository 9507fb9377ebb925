"""The tables of the floor."""

from kundeservice.core.models.audit import AuditEvent, AuditTrailIsAppendOnly
from kundeservice.core.models.job import Job, JobState
from kundeservice.core.models.user import Language, Role, RoleGrant, User, UserManager

__all__ = [
    "AuditEvent",
    "AuditTrailIsAppendOnly",
    "Job",
    "JobState",
    "Language",
    "Role",
    "RoleGrant",
    "User",
    "UserManager",
]
