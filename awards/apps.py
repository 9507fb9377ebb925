from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "awards"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Priser og rapporter"

    def ready(self) -> None:
        """Tell the floor which participant has most to show."""
        from awards.queries import guides  # noqa: F401, PLC0415 - models are loaded after the apps
