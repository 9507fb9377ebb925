from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from kundeservice.core.triggers import register_guards


class SurveysConfig(AppConfig):
    name = "surveys"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Undersøkelser"

    def ready(self) -> None:
        post_migrate.connect(guard_locked_editions, sender=self, dispatch_uid="surveys.guard_locked_editions")
        register_guards(guard_locked_editions)


def guard_locked_editions(*, using: str, **kwargs: Any) -> None:
    """Put the guard of locked editions in place once the tables are there."""
    # Models are loaded after the apps.
    from surveys.models.lock_guards import install_edition_guard, install_guards  # noqa: PLC0415

    install_guards(connections[using])
    install_edition_guard(connections[using])
