"""`docs/reference/rules.md`: every rule of every pack that Holdfast ships, with where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

PREAMBLE = """\
# Rules

Written by `./dev docs` from the rule packs as the engine loads them. A rule answers *met*, *not met*, *not applicable* or *cannot tell*; missing evidence is
never a pass. `confidence` and `source` say how sure we are of a citation, and whether its text was looked up or remembered: read it before you rely on it.
"""


def rules() -> str:
    """The page."""
    from holdfast.dossier.schema import Dossier
    from holdfast.standards.library import shipped_packs

    return "\n".join([PREAMBLE, *(part for pack in shipped_packs(Dossier) for part in _pack(pack))])


def _pack(pack: Any) -> Iterator[str]:
    header = pack.header
    yield f"## {header.id} {header.version}: {header.title}\n"
    yield " ".join(filter(None, [header.edition, header.authority_note])) + "\n"
    if header.parameters:
        yield "| convention | value | why |\n|---|---|---|"
        yield from (f"| `{name}` | {_value(one)} | {_cell(one.why)} |" for name, one in header.parameters.items())
        yield ""
    for rule in pack.rules:
        yield from _rule(rule.text)
    if header.not_covered:
        yield f"### Not covered by {header.id}\n"
        yield from (f"* **{one.what}** {one.why}" for one in header.not_covered)
        yield ""


def _rule(rule: Any) -> Iterator[str]:
    yield f"### {rule.id} {rule.title}\n"
    axes = [("regions", rule.applies.regions), ("phases", rule.applies.phases), ("modalities", rule.applies.modalities), ("routes", rule.applies.routes)]
    scope = "; ".join(f"{name} {', '.join(values)}" for name, values in axes if values and values != ["any"]) or "everywhere"
    when = " Only under its condition." if rule.when is not None else ""
    yield f"Question `{rule.question}`, judged on the {rule.stage}; {rule.severity}; override {rule.override}. Applies to {scope}.{when}\n"
    yield from (f"* {line}" for line in _says(rule.says))
    for cite in rule.cite:
        place = " ".join(filter(None, [cite.document, cite.paragraph]))
        known = f"{cite.authority.replace('_', ' ')}; confidence {cite.confidence}; source {cite.source_check}"
        yield f"* **{place}** ({known}) {cite.note}".rstrip()
    if rule.note:
        yield f"* {rule.note}"
    yield ""


def _value(parameter: Any) -> str:
    values = parameter.value if isinstance(parameter.value, list) else [parameter.value]
    return _cell(f"{', '.join(map(str, values))} {parameter.unit}".strip())


def _says(says: str | dict[str, str]) -> list[str]:
    return [f"says: {says}"] if isinstance(says, str) else [f"says when {answer}: {text}" for answer, text in says.items()]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
