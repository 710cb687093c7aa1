"""The release context."""

from django.apps import AppConfig


class ReleaseConfig(AppConfig):
    name = "holdfast.release"
    label = "release"
    default_auto_field = "django.db.models.BigAutoField"
