from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from kundeservice.core.triggers import register_guards


class ShoppersConfig(AppConfig):
    name = "shoppers"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Mystery shoppere"

    def ready(self) -> None:
        """Tell the floor which shopper has most to show, and guard the shoppers of locked editions."""
        from shoppers.queries import guides  # noqa: F401, PLC0415 - models are loaded after the apps

        post_migrate.connect(guard_locked_shoppers, sender=self, dispatch_uid="shoppers.guard_locked_shoppers")
        register_guards(guard_locked_shoppers)


def guard_locked_shoppers(*, using: str, **kwargs: Any) -> None:
    """Close what a locked edition's package says of its shoppers, once the tables are there."""
    from shoppers.models.lock_guards import GUARDED  # noqa: PLC0415 - models are loaded after the apps
    from surveys.models.lock_guards import install_guards  # noqa: PLC0415

    install_guards(connections[using], GUARDED)
