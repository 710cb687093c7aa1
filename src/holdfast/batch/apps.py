"""The batch context."""

from django.apps import AppConfig


class BatchConfig(AppConfig):
    name = "holdfast.batch"
    label = "batch"
    default_auto_field = "django.db.models.BigAutoField"
