"""The programme context."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "holdfast.programme"
    label = "programme"
    default_auto_field = "django.db.models.BigAutoField"
