from django.apps import AppConfig


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

        app.autodiscover_tasks(force=True)
