"""The quality context."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "holdfast.quality"
    label = "quality"
    default_auto_field = "django.db.models.BigAutoField"
