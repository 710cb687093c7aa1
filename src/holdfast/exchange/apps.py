"""The exchange context."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "holdfast.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
