from django.apps import AppConfig


class CoreConfig(AppConfig):
    """People, roles, jobs and the audit trail."""

    name = "kundeservice.core"
    label = "core"
    verbose_name = "Grunnmur"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks, the tasks that every process may send, and what a worker does when it starts."""
        from kundeservice.core import checks, tasks, worker  # noqa: F401, PLC0415  # need the models to be loaded
