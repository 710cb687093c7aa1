"""`docs/reference/settings.md`: every variable of the environment that is read."""

from __future__ import annotations

from itertools import groupby

from holdfast.project.environment import SETTINGS

PREAMBLE = """\
# Settings

Written by `./dev docs` from `project/environment.py`. Settings are variables of the environment; what differs between installations is nowhere else.
"""


def settings() -> str:
    """The page."""
    parts = [PREAMBLE]
    for group, members in groupby(SETTINGS, key=lambda setting: setting.group):
        rows = [f"| `{one.name}` | {one.meaning} | {one.otherwise} |" for one in members]
        parts.append("\n".join([f"## {group}\n", "| variable | for | without it |", "|---|---|---|", *rows, ""]))
    return "\n".join(parts)
