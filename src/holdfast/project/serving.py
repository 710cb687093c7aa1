"""Serve the pages on this machine: one server a data folder, stopped cleanly by Ctrl-C or SIGTERM."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from . import locks, postgres
from .home import Home, HomeProblem, default_home, open_home
from .opening import FROM_A_SERVER, opened, session_key

ADDRESS = "127.0.0.1"
WORKERS, THREADS = 2, 4
WATCH_SECONDS = 2


@contextmanager
def place(port: int) -> Iterator[Home]:
    """The only serving place of the data folder, with a port that is free. Raises `HomeProblem` when either is taken."""
    home = open_home(default_home(), for_server=False)
    taken = locks.claim(home.path / "serve.lock")
    if taken is None:
        raise HomeProblem(f"The data folder {home.path} is in use: {_holder(home)}. Stop that one, or name another with HOLDFAST_HOME.")
    with taken:
        _check_port(port)
        taken.seek(0)
        taken.truncate()
        json.dump({"pid": os.getpid(), "port": port}, taken)
        taken.flush()
        yield home


def _holder(home: Home) -> str:
    try:
        found = json.loads((home.path / "serve.lock").read_text("utf-8"))
        return f"process {found['pid']} serves it at http://{ADDRESS}:{found['port']}"
    except (OSError, ValueError, KeyError):
        return "another process is about to serve it"


def _check_port(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            reason = "is in use by another program" if error.errno != 13 else "may not be opened by this user"
            raise HomeProblem(f"Port {port} of {ADDRESS} {reason}: choose another with --port or HOLDFAST_PORT.") from error


def serve(port: int, *, prepare: Callable[[], None] | None = None, announce: Callable[[str], None]) -> None:
    """Open the database, let `prepare` put something in it, and serve until stopped; then stop the database too."""
    _stop_on_terminate()
    try:
        with place(port) as home:
            os.environ["HOLDFAST_SECRET_KEY"] = session_key()
            home.cache.mkdir(mode=0o700, exist_ok=True)
            os.environ["HOLDFAST_CACHE"] = str(home.cache)
            with opened(refresh=True):
                if prepare:
                    prepare()
                _run(port, announce)
    except KeyboardInterrupt:
        sys.exit(0)


def _ready(port: int, announce: Callable[[str], None]) -> None:
    """Called once in the process that watches the workers."""
    if FROM_A_SERVER not in os.environ:
        threading.Thread(target=_keep_database_up, args=(default_home(),), daemon=True).start()
    announce(f"http://{ADDRESS}:{port}")


def _keep_database_up(home: Path) -> None:
    """The embedded server may die under us (the system kills what takes memory): look every other second, and start it again."""
    while True:
        time.sleep(WATCH_SECONDS)
        try:
            if postgres.revive(home):
                print("PostgreSQL had died and was started again: see postgresql.log in the data folder.", file=sys.stderr, flush=True)  # noqa: T201
        except (HomeProblem, OSError) as error:
            print(f"PostgreSQL is down: {error}", file=sys.stderr, flush=True)  # noqa: T201


def _stop_on_terminate() -> None:
    """Until the web server takes signals over, SIGTERM means what Ctrl-C means: leave through every `finally`."""

    def leave(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, leave)


def _run(port: int, announce: Callable[[str], None]) -> None:
    from django.db import connections
    from gunicorn.app.base import BaseApplication

    from .wsgi import application

    options = {
        "bind": f"{ADDRESS}:{port}",
        "workers": WORKERS,
        "threads": THREADS,
        "worker_class": "gthread",
        "graceful_timeout": 5,
        "timeout": 120,
        "loglevel": "error",
        "proc_name": "holdfast",
        "control_socket_disable": True,
        "when_ready": lambda _server: _ready(port, announce),
    }

    class Pages(BaseApplication):  # type: ignore[misc]
        """gunicorn with options of ours, and nothing read from the command line."""

        def load_config(self) -> None:
            for name, value in options.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            return application

    connections.close_all()  # a connection must not be shared with the workers that are forked from here
    Pages().run()
