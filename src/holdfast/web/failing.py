"""The page for what went wrong: a sentence where the cause is known, and then nothing that needs the database."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from holdfast.ledger.outage import database_trouble


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler of status 500, called while the exception is handled. A database that cannot work now is a 503."""
    error = sys.exc_info()[1]
    trouble = database_trouble(error) if error else None
    return render(None, "500.html", {"trouble": trouble}, status=503 if trouble else 500)  # type: ignore[arg-type]
