"""Write the generated reference (`./dev docs`), or with `--check` say what is out of date."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from holdfast.project.home import clone

from . import COMMANDS, holdfast

PREAMBLE = (
    "# Commands\n\nWritten by `./dev docs` from the commands themselves.\n\n"
    "Exit codes: 0 done or holds; 1 an answer in the negative, or refused; 2 wrong usage or an environment that cannot be worked in.\n"
)


def commands() -> str:
    """Every command with its help, as a page."""
    context = click.Context(holdfast, info_name="holdfast", max_content_width=100, terminal_width=100, **holdfast.context_settings)
    return "\n".join([PREAMBLE, *_pages(holdfast, context)])


def _pages(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"## {context.command_path}\n\n```text\n{command.get_help(context).strip()}\n```\n"
    if isinstance(command, click.Group):
        for name in list(COMMANDS) if command is holdfast else sorted(command.list_commands(context)):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _pages(inner, click.Context(inner, info_name=name, parent=context, max_content_width=100, terminal_width=100))


def dossier_schema() -> str:
    """The dossier's JSON Schema."""
    from holdfast.dossier.schema import Dossier

    return json.dumps(Dossier.model_json_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def openapi() -> str:
    """The API's OpenAPI document, as it is served."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.project.settings")
    django.setup()
    from holdfast.api.application import document

    return json.dumps(document(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def access() -> str:
    """Who reaches what."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.project.settings")
    django.setup()
    from .access_matrix import access_matrix

    return access_matrix()


def rule_pack_schema() -> str:
    """The rule pack's JSON Schema, for editors."""
    from holdfast.standards.loading import pack_schema

    return json.dumps(pack_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def pages() -> dict[str, str]:
    """The content of every generated file, by its name under docs/reference."""
    from .benchmarks_reference import benchmarks
    from .records_reference import records
    from .reference_tables import dictionary_page, guidance_page, pharmacopoeias_page
    from .rules_reference import rules
    from .science_reference import science
    from .settings_reference import settings

    return {
        "access.md": access(),
        "attribute-dictionary.md": dictionary_page(),
        "benchmarks.md": benchmarks(),
        "commands.md": commands(),
        "crosswalk-guidance.md": guidance_page(),
        "crosswalk-pharmacopoeias.md": pharmacopoeias_page(),
        "dossier.schema.json": dossier_schema(),
        "openapi.json": openapi(),
        "records.md": records(),
        "rule-pack.schema.json": rule_pack_schema(),
        "rules.md": rules(),
        "science.md": science(),
        "settings.md": settings(),
    }


def outdated(folder: Path) -> list[str]:
    """Names of generated files that are not as they would be written now."""
    return [name for name, text in pages().items() if not (folder / name).is_file() or (folder / name).read_text("utf-8") != text]


def main(words: list[str]) -> int:
    root = clone()
    if root is None:
        click.echo("The reference is written in a clone of the repository.", err=True)
        return 2
    folder = root / "docs" / "reference"
    if "--check" in words:
        stale = outdated(folder)
        for name in stale:
            click.echo(f"docs/reference/{name} is out of date: run ./dev docs.", err=True)
        return 1 if stale else 0
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
