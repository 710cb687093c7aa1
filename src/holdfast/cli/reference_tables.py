"""Pages of the reference that are made from tables of knowledge: the crosswalks and the attribute dictionary."""

from __future__ import annotations

from collections.abc import Iterator

from holdfast.standards.crosswalks.loading import chapters_of, compendia, guidance
from holdfast.standards.crosswalks.schema import PHARMACOPOEIAS, SOURCE_NAMES, SOURCES
from holdfast.standards.dictionary.loading import dictionary
from holdfast.standards.dictionary.schema import DIRECTION_WORDS, Entry

CHECKED = "`memory` marks what was written from memory, `lookup` what was looked up in a public copy. Check the edition in force before you rely on a row."


def guidance_page() -> str:
    """The crosswalk of guidance: cited documents, then each area's rows under their ids."""
    return "\n".join(_guidance_lines()) + "\n"


def _guidance_lines() -> Iterator[str]:
    table = guidance()
    yield f"# Crosswalk of guidance\n\nWritten by `./dev docs`. Version {table.header.version}. {table.header.edition}. {CHECKED}\n"
    yield "The status compares the US with the EU.\n\n## Documents\n"
    yield "| reference begins with | title | source | edition | authority | confidence |\n| --- | --- | --- | --- | --- | --- |"
    for document in table.documents:
        sure = f"{document.confidence}, {document.source_check}"
        yield f"| {document.prefix} | {document.title} | {SOURCE_NAMES[document.source]} | {document.edition} | {document.authority} | {sure} |"
    area = ""
    for one in table.rows:
        if one.area != area:
            area = one.area
            yield f"\n## {area}"
        yield f"\n### {one.row.id}\n\n**{one.row.topic}**: {one.row.status} ({one.row.confidence}, {one.row.source_check}). {one.row.differs}\n"
        for source in SOURCES:
            if one.row.references(source):
                yield f"* {SOURCE_NAMES[source]}: {'; '.join(one.row.references(source))}"


def pharmacopoeias_page() -> str:
    """The crosswalk of pharmacopoeias, a row under its id."""
    return "\n".join(_compendial_lines()) + "\n"


def _compendial_lines() -> Iterator[str]:
    table = compendia()
    yield f"# Crosswalk of pharmacopoeias\n\nWritten by `./dev docs`. Version {table.header.version}. {CHECKED}\n\n{table.header.note}\n"
    yield from (f"* {name}: {edition}" for name, edition in table.header.editions.items())
    for row in table.rows:
        yield f"\n### {row.id}\n\n**{row.topic}** ({row.confidence}, {row.source_check}{'; ' + row.edition if row.edition else ''}). {row.differs}\n"
        for name in PHARMACOPOEIAS:
            yield f"* {name}: {', '.join(map(str, chapters_of(row, name))) or 'no text'}"
        yield f"* USP with Ph. Eur.: {row.between('USP', 'Ph. Eur.')}; JP with both: {row.jp_status}"


def dictionary_page() -> str:
    """The attribute dictionary, group by group, an entry under its id."""
    return "\n".join(_dictionary_lines()) + "\n"


def _dictionary_lines() -> Iterator[str]:
    whole = dictionary()
    yield f"# Attribute dictionary\n\nWritten by `./dev docs`. Version {whole.header.version}. {whole.header.edition}. {CHECKED}\n"
    yield f"FHIR codes are test categories of the {whole.header.fhir_value_set} value set (`{whole.header.fhir_system}`).\n\n## Families of methods\n"
    yield from (f"* `{family.id}` {family.name}: {', '.join(family.words)}" for family in whole.families)
    names = {family.id: family.name for family in whole.families}
    for group, entries in whole.groups.items():
        yield f"\n## {group}"
        for entry in entries:
            yield from _entry_lines(entry, names)


def _entry_lines(entry: Entry, families: dict[str, str]) -> Iterator[str]:
    yield f"\n### {entry.id}\n\n**{entry.name}** ({entry.confidence}, {entry.source_check}). {entry.definition}{' ' + entry.note if entry.note else ''}\n"
    yield f"* {entry.kind}, in {', '.join(f'`{unit}`' if unit else 'words' for unit in entry.units)}; {DIRECTION_WORDS[entry.direction]}"
    lines = {
        "methods": ", ".join(families[name] for name in entry.methods),
        "also called": "; ".join(entry.synonyms),
        "shared names": "; ".join(entry.ambiguous),
        "compendial": "; ".join(entry.compendial),
        "FHIR": entry.fhir,
        "pooled only with the same": ", ".join(entry.pool),
    }
    yield from (f"* {name}: {value}" for name, value in lines.items() if value)


__all__ = ["dictionary_page", "guidance_page", "pharmacopoeias_page"]
