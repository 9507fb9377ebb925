from django.apps import AppConfig


class ShoppersConfig(AppConfig):
    name = "shoppers"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Mystery shoppere"
