"""Opening the record for a command: the embedded server (or a named one), Django, and migrations that are due."""

from __future__ import annotations

import getpass
import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from holdfast.project.start import open_record


@contextmanager
def open_database() -> Iterator[None]:
    """Open the record; the server stops again when the last process leaves it."""
    with open_record():
        yield


def operator_name() -> str:
    """Who is at the command line, as the machine knows them: the actor of what a command writes."""
    return f"operator {getpass.getuser()} on {platform.node() or 'this machine'}"


def print_json(value: Any) -> None:
    """Print JSON for scripts."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def password_from(source: str, name: str, from_stdin: bool) -> str:
    """A password: from the environment variable, standard input, or a prompt that does not echo."""
    if from_stdin:
        return click.get_text_stream("stdin").readline().rstrip("\n")
    return os.environ.get(source) or str(click.prompt(f"Password of {name}", hide_input=True, err=True))
