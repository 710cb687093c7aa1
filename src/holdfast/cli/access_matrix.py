"""The access matrix as a page: every table, page, file and command by every kind of person, from the models and what each face registers.

A new face adds one line to `SECTIONS`. The tests hold the page against the database, the addresses and the commands there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from holdfast.api.matrix import OPERATIONS
from holdfast.ledger.install import regulated_models
from holdfast.ledger.models import Record
from holdfast.ledger.unregulated import UNREGULATED
from holdfast.people.kinds import KINDS, Kind, Reach, api_cell, command_cell, ledger_cell, page_cell, table_cell
from holdfast.web.matrix import ACCOUNT_PAGES, FILES, PAGES

from .matrix import COMMANDS

PREAMBLE = """\
# Who reaches what

Written by `./dev docs` from the models, and from what the pages and the commands register. The tests compare it with what the database, the pages and the
commands answer each kind of person.

* **CDMO** and **laboratory**: a person of an organisation whose grant is for its own work. Another CDMO's or laboratory's work is absent, not forbidden.
* **consultancy**: acts on a written authority, which stands in the role. Without one the role gives nothing. Two are shown: one whose grant is read-only.
* **inspector**: a read-only grant between two dates. After its last day nothing is seen.
* **role ended**, **no role**: a person who can sign in and sees no programme.
* **evaluator**: gathers dossiers with one whole programme in scope, so that a record hidden from a viewer never improves a verdict; it writes nothing.
* **operator**: whoever can read the data folder of the machine. Signing still takes the signer.
"""


@dataclass(frozen=True)
class Row:
    """One thing that can be reached, and what each kind of person finds there."""

    name: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Section:
    """The rows of one face, with what its cells mean."""

    title: str
    says: str
    rows: Callable[[], list[Row]]


def _rows(reaches: Mapping[str, Reach], cell: Callable[[Kind, Reach], str], kinds: Iterable[Kind] = KINDS) -> list[Row]:
    shown = list(kinds)
    return [Row(name, {kind.name: cell(kind, reach) for kind in shown}) for name, reach in reaches.items()]


def _on_the_web() -> list[Kind]:
    return [kind for kind in KINDS if kind.has_log_in or kind.name == "nobody"]


def table_rows() -> list[Row]:
    """Every regulated table, then the ledger's change sets and images."""
    rows = []
    for model in regulated_models():
        name = model._meta.db_table + (" (shared versions: all)" if model is Record else "")
        rows.append(Row(name, {kind.name: table_cell(kind, model.access) for kind in KINDS}))
    for table, images in (("ledger_changeset", False), ("ledger_rowchange", True)):
        rows.append(Row(table, {kind.name: ledger_cell(kind, images) for kind in KINDS}))
    return rows


#: one line a face
SECTIONS = (
    Section(
        "Tables",
        "What raw SQL finds as the application's role. *all* and *own work* are of one programme;"
        " *own people*: of their own organisation; *directory*: images of organisations, sites and persons;"
        " *as the row*: an image is seen by who sees the row; *error*: the query is refused (HF010), rows or none.",
        table_rows,
    ),
    Section(
        "Pages",
        "*own work*: the page of a record of one's own work; any other is not there (404)."
        " *refused*: 403, with the reason."
        " *sign in*: sent to the sign-in page.",
        lambda: _rows(PAGES, page_cell, _on_the_web()),
    ),
    Section("Pages of one's own log-in", "None shows another log-in.", lambda: _rows(ACCOUNT_PAGES, page_cell, _on_the_web())),
    Section("Files that pages hand out", "As for pages.", lambda: _rows(FILES, page_cell, _on_the_web())),
    Section(
        "Operations of the API",
        "As for pages; *own work* and *yes* are what a token opens for its person, and a token that only reads writes nothing.",
        lambda: _rows(OPERATIONS, api_cell, _on_the_web()),
    ),
    Section(
        "Commands",
        "*–*: the command needs the data folder. *sees all*, *sees own work*, *sees nothing*: with `--as E-MAIL`, what that person would see.",
        lambda: _rows(COMMANDS, command_cell),
    ),
)


def _table(rows: list[Row]) -> str:
    names = list(rows[0].cells)
    lines = [["", *names], ["---"] * (len(names) + 1), *([f"`{row.name}`", *(row.cells[name] for name in names)] for row in rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def access_matrix() -> str:
    """The whole page."""
    parts = [PREAMBLE, *(f"## {section.title}\n\n{section.says}\n\n{_table(section.rows())}\n" for section in SECTIONS)]
    apart = "\n".join(f"| `{table}` | {why} |" for table, why in sorted(UNREGULATED.items()) if table not in {"ledger_changeset", "ledger_rowchange"})
    parts.append(
        f"## Tables that no policy guards\n\nThe application reads them for everybody; none says anything about a product.\n\n| | |\n| --- | --- |\n{apart}\n"
    )
    return "\n".join(parts)
