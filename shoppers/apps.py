from django.apps import AppConfig


class ShoppersConfig(AppConfig):
    name = "shoppers"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Mystery shoppere"

    def ready(self) -> None:
        """Tell the floor which shopper has most to show."""
        from shoppers.queries import guides  # noqa: F401, PLC0415 - models are loaded after the apps
