"""Start-up of the ledger: its guards are installed after every migration, by the owner of the database."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def install_after_migrate(*, using: str, **_: Any) -> None:
    """Install guards, captures and policies on the database that was just migrated."""
    from . import install  # the models are ready only now

    install.apply(using)


class LedgerConfig(AppConfig):
    name = "holdfast.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(install_after_migrate, sender=self, dispatch_uid="holdfast.ledger.install")
