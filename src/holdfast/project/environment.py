"""Settings that come from the environment: which there are, and reading them with manners."""

from __future__ import annotations

import os
from dataclasses import dataclass

from .home import HomeProblem


@dataclass(frozen=True)
class Setting:
    """A variable of the environment: what it is for, and what holds without it."""

    name: str
    group: str
    meaning: str
    otherwise: str = ""


PLACES, DATABASE, PAGES, SCRIPTS, TESTS = "Places", "The database", "Pages and sessions", "Commands in scripts", "Demonstrations and tests"
SETTINGS = (
    Setting("HOLDFAST_HOME", PLACES, "the data folder", "a clone's `.holdfast`; `/var/lib/holdfast` for root; the platform's place for a user's data"),
    Setting("HOLDFAST_CACHE", PLACES, "where sign-in attempts are counted, shared by the processes of a WSGI server of your own; `serve` sets it", "memory"),
    Setting("HOLDFAST_STATIC_ROOT", PLACES, "where a web server of your own finds collected static files", "Holdfast serves them"),
    Setting("HOLDFAST_DATABASE_URL", DATABASE, "a server of your own, by the application role's address", "the embedded server of the data folder"),
    Setting("HOLDFAST_OWNER_DATABASE_URL", DATABASE, "the owner's address there: for a start that migrates, and for a backup", "no migration, no backup"),
    Setting("HOLDFAST_PORT", PAGES, "the port of `serve` and `demo`, as `--port`", "8000"),
    Setting("HOLDFAST_SECRET_KEY", PAGES, "the key of browser sessions", "`secret.txt` in the data folder"),
    Setting("HOLDFAST_ALLOWED_HOSTS", PAGES, "host names that may be asked for, separated by commas", "`127.0.0.1,localhost,[::1]`"),
    Setting("HOLDFAST_TRUSTED_ORIGINS", PAGES, "origins whose forms are accepted, behind a proxy: `https://cmc.example.com`", "none"),
    Setting("HOLDFAST_HTTPS", PAGES, "`1` behind a proxy that speaks HTTPS: cookies then travel by nothing else", "not"),
    Setting("HOLDFAST_SESSION_HOURS", PAGES, "after how many hours one signs in again, busy or not", "8"),
    Setting("HOLDFAST_IDLE_MINUTES", PAGES, "after how many minutes without a request one signs in again", "30"),
    Setting("HOLDFAST_SESSIONS", PAGES, "how many sessions a log-in has at once", "3"),
    Setting("HOLDFAST_PROXIES", PAGES, "how many proxies of yours stand in front, each adding to `X-Forwarded-For`: limits go by the address before them", "0"),
    Setting("HOLDFAST_API_RATE", PAGES, "requests a minute to the API by one token", "300"),
    Setting("HOLDFAST_API_ADDRESS_RATE", PAGES, "requests a minute to the API from one address", "600"),
    Setting("HOLDFAST_API_UPLOAD_MB", PAGES, "how large a file one import on the page or through the API may be", "32"),
    Setting("HOLDFAST_PASSWORD", SCRIPTS, "a password, in the place of a prompt", "asked for"),
    Setting("HOLDFAST_SECOND_PASSWORD", SCRIPTS, "the second signer's, in the place of a prompt", "asked for"),
    Setting("HOLDFAST_CLOCK", TESTS, "fixes the moment (ISO, with its offset). Never in production; the ledger's times come from the database", "now"),
    Setting("HOLDFAST_FAILPOINT", TESTS, "kills the process or the database at a named place, for tests of faults only", "nothing is killed"),
    Setting("HOLDFAST_FAILPOINT_PID", TESTS, "the process number of the database that such a test kills", ""),
)


def number_from(name: str, otherwise: int) -> int:
    """A whole number above zero from the environment. Raises `HomeProblem` when it is something else."""
    given = os.environ.get(name, "")
    if not given:
        return otherwise
    if not given.isdecimal() or int(given) == 0:
        raise HomeProblem(f"{name}={given} is not a whole number above zero.")
    return int(given)
