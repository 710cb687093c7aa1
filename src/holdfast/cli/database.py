"""What commands share: the open database, who the command line is, passwords, and JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from holdfast.project.machine import operator_name


@contextmanager
def open_database() -> Iterator[None]:
    """Start or join the database, migrate it if it is old, and set Django up; leave it when the block ends."""
    from holdfast.project.opening import opened

    with opened():
        yield


def set_up_django() -> None:
    """Django's models, for commands that need them and no database."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.project.settings")
    django.setup()


def print_json(value: Any) -> None:
    """Print JSON for scripts."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def password_from(source: str, name: str, from_stdin: bool) -> str:
    """A password: from the environment variable, standard input, or a prompt that does not echo."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return os.environ.get(source) or str(click.prompt(f"Password of {name}", hide_input=True, err=True))


__all__ = ["open_database", "operator_name", "password_from", "print_json", "set_up_django"]
