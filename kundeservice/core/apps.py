from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class CoreConfig(AppConfig):
    """People, roles, jobs and the audit trail."""

    name = "kundeservice.core"
    label = "core"
    verbose_name = "Grunnmur"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks, what a worker does when it starts, and every app's tasks and kinds of work.

        Tasks are imported in web processes too, for they order the work and name it. Only now are all models loaded.
        """
        from kundeservice.celery import app  # noqa: PLC0415
        from kundeservice.core import checks, worker  # noqa: F401, PLC0415
        from kundeservice.core.sqlite import settle_journal  # noqa: PLC0415
        from kundeservice.core.triggers import register_guards  # noqa: PLC0415

        app.autodiscover_tasks(force=True)
        connection_created.connect(settle_journal, dispatch_uid="core.settle_journal")
        pre_migrate.connect(lift_guards, sender=self, dispatch_uid="core.lift_guards")
        post_migrate.connect(guard_audit_trail, sender=self, dispatch_uid="core.guard_audit_trail")
        register_guards(guard_audit_trail)


def lift_guards(*, using: str, plan: Sequence[object], **kwargs: Any) -> None:
    """Take the guards away while SQLite is migrated; each app puts its own back afterwards.

    SQLite changes a table by building it anew under its name, and refuses when a trigger elsewhere looks into it.
    """
    from kundeservice.core.triggers import remove_triggers  # noqa: PLC0415 - needs nothing before the apps are there

    if plan and connections[using].vendor == "sqlite":
        remove_triggers(connections[using])


def guard_audit_trail(*, using: str, **kwargs: Any) -> None:
    """Put the guard of the audit trail in place once its table is there."""
    from kundeservice.core.models.audit import install_audit_guard  # noqa: PLC0415 - models are loaded after the apps

    install_audit_guard(connections[using])
