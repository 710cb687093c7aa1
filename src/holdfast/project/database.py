"""Which database Django talks to: a server named by address, or the embedded one of the data folder."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

NOT_OPENED = "holdfast-database-is-not-open"
ABSENT = f"postgresql://holdfast_app:x@/{NOT_OPENED}?host=/nonexistent"
ADDRESSES = {"default": "HOLDFAST_DATABASE_URL", "owner": "HOLDFAST_OWNER_DATABASE_URL"}


def from_url(url: str) -> dict[str, Any]:
    """Django's settings for one `postgresql://` address."""
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def settings_from_environment() -> dict[str, dict[str, Any]]:
    """`default` is the application's role, `owner` migrates. Without addresses, a place that nothing answers at."""
    values = {alias: from_url(os.environ.get(variable, ABSENT)) for alias, variable in ADDRESSES.items()}
    values["owner"]["CONN_MAX_AGE"] = 0
    return values


def aim(default: str, owner: str | None) -> None:
    """Point Django's two connections somewhere, now that its settings are loaded; new threads follow."""
    from django.conf import settings
    from django.db import connections

    for alias, url in (("default", default), ("owner", owner or ABSENT)):
        values = from_url(url) | ({"CONN_MAX_AGE": 0} if alias == "owner" else {})
        connections[alias].close()
        settings.DATABASES[alias].update(values)
        connections[alias].settings_dict.update(values)


def is_open() -> bool:
    """Whether this process has aimed Django at a database already, and holds it open."""
    from django.apps import apps
    from django.conf import settings

    return bool(apps.ready and settings.DATABASES["default"]["NAME"] != NOT_OPENED)
