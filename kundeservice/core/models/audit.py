"""The audit trail: who did what to what, and when. Rows are only ever added."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from kundeservice.core import clock
from kundeservice.core.triggers import Act, Refusal, install_refusals


class AuditTrailIsAppendOnly(Exception):
    """Somebody tried to change or remove a line of the audit trail."""


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Reads and adds lines; refuses everything else."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AuditTrailIsAppendOnly("Lines of the audit trail are never changed.")

    def delete(self) -> NoReturn:
        raise AuditTrailIsAppendOnly("Lines of the audit trail are never removed.")


class AuditEvent(models.Model):
    """One act worth remembering, such as a lock, a publication or an export."""

    at = models.DateTimeField(_("tidspunkt"), default=clock.now, editable=False, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        # The trail outlives everybody: a person who appears in it is deactivated, not removed.
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hvem"),
        help_text=_("tomt når systemet selv handlet"),
    )
    action = models.CharField(_("handling"), max_length=80)
    subject = models.CharField(_("gjelder"), max_length=200, db_index=True)
    detail = models.JSONField(_("detaljer"), default=dict, blank=True)

    objects: ClassVar[AuditEventQuerySet] = AuditEventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("hendelse")
        verbose_name_plural = _("hendelseslogg")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.action} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AuditTrailIsAppendOnly("Lines of the audit trail are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditTrailIsAppendOnly("Lines of the audit trail are never removed.")


AUDIT_TABLE = "core_auditevent"
AUDIT_REFUSAL = "Lines of the audit trail are never changed or removed."
CLOSED_ACTS: tuple[Act, ...] = ("UPDATE", "DELETE", "TRUNCATE")


def install_audit_guard(connection: BaseDatabaseWrapper) -> None:
    """Let the database itself refuse everything but new lines. Run after each migrate; may be repeated."""
    if AUDIT_TABLE in connection.introspection.table_names():
        install_refusals(connection, map(_never, CLOSED_ACTS))


def _never(act: Act) -> Refusal:
    return Refusal(f"{AUDIT_TABLE}_refuse_{act.lower()}", AUDIT_TABLE, act, AUDIT_REFUSAL, conditions=("1 = 1",))
