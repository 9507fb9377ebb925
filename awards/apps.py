from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from kundeservice.core.triggers import register_guards


class AwardsConfig(AppConfig):
    name = "awards"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Priser og rapporter"

    def ready(self) -> None:
        """Tell the floor which participant has most to show, and guard the counts of locked editions."""
        from awards.publication.queries import guides  # noqa: F401, PLC0415 - models are loaded after the apps

        post_migrate.connect(guard_locked_counts, sender=self, dispatch_uid="awards.guard_locked_counts")
        register_guards(guard_locked_counts)


def guard_locked_counts(*, using: str, **kwargs: Any) -> None:
    """Close the counts of locked editions. Only here is known which count a lock rests on."""
    from awards.models import GUARDED_COUNTS  # noqa: PLC0415 - models are loaded after the apps
    from surveys.models.lock_guards import install_guards  # noqa: PLC0415

    install_guards(connections[using], GUARDED_COUNTS)
