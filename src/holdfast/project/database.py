"""Which database Django talks to: a server named by address, or the embedded one of the data folder."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

NOT_OPENED = "holdfast-database-is-not-open"


def from_url(url: str) -> dict[str, Any]:
    """Django's settings for one `postgresql://` address."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def settings_from_environment() -> dict[str, dict[str, Any]]:
    """`default` is the application's role, `owner` migrates. Without addresses, a place that nothing answers at."""
    absent = f"postgresql://holdfast_app:x@/{NOT_OPENED}?host=/nonexistent"
    default = from_url(os.environ.get("HOLDFAST_DATABASE_URL", absent))
    owner = from_url(os.environ.get("HOLDFAST_OWNER_DATABASE_URL", os.environ.get("HOLDFAST_DATABASE_URL", absent)))
    return {"default": default, "owner": owner | {"CONN_MAX_AGE": 0}}
