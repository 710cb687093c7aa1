"""The study context."""

from django.apps import AppConfig


class StudyConfig(AppConfig):
    name = "holdfast.study"
    label = "study"
    default_auto_field = "django.db.models.BigAutoField"
