from django.apps import AppConfig


class CoreConfig(AppConfig):
    """People, roles, jobs and the audit trail."""

    name = "kundeservice.core"
    label = "core"
    verbose_name = "Grunnmur"
    default_auto_field = "django.db.models.BigAutoField"
