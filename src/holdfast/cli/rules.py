"""`holdfast rules`: what the packs say, checked and compared. No database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from holdfast.dossier.schema import Dossier
from holdfast.standards.checking import check_pack, check_text
from holdfast.standards.difference import pack_differences
from holdfast.standards.library import current_packs, known_documents, not_judged, pack_names, shipped_packs
from holdfast.standards.loading import Pack, Rule, load_pack
from holdfast.standards.pack import ANSWERS, Citation, Phase
from holdfast.standards.phase_view import PHASES, WEIGHT, phase_view
from holdfast.standards.questions import QUESTIONS
from holdfast.standards.suggest import suggested, written
from holdfast.standards.upgrade import upgrade_effects

from . import Negative


@click.group()
def rules() -> None:
    """Rule packs: list them, read a rule, check a pack of your own, compare two."""


@rules.command("list")
@click.option("--question", type=click.Choice(QUESTIONS), help="Only rules that answer this question.")
@click.option("--pack", "pack_id", help="Only rules of this pack.")
def list_(question: str | None, pack_id: str | None) -> None:
    """Every pack with its rules, then the rules that records cannot answer."""
    for pack in shipped_packs(Dossier):
        chosen = [rule for rule in pack.rules if question in (None, rule.text.question)]
        if chosen and pack_id in (None, pack.id):
            click.echo(f"{pack.id} {pack.version}  {pack.header.title}{_status(pack.status)}")
            for rule in chosen:
                click.echo(f"  {rule.id:<12} {rule.text.severity:<8} {rule.text.authority:<13} {rule.text.title}")
    if question is None and pack_id is None:
        click.echo("Not judged on records")
        for item in not_judged():
            click.echo(f"  {item.id:<12} {item.title}. {item.why}")


def _status(status: str) -> str:
    return "" if status == "in_force" else f"  [{status.replace('_', ' ')}]"


@rules.command()
@click.argument("rule_id", metavar="ID")
@click.option("--source", is_flag=True, help="Print the rule as it is written, with its examples.")
def show(rule_id: str, source: bool) -> None:
    """One rule: where it applies, how much it weighs, what it rests on, and its text with --source. Exit 1 when there is none."""
    found = [(pack, rule) for pack in shipped_packs(Dossier) for rule in pack.rules if rule.id == rule_id]
    unjudged = next((item for item in not_judged() if item.id == rule_id), None)
    if unjudged:
        click.echo(f"{unjudged.id} {unjudged.title}\nNot judged on records: {unjudged.why}")
    elif not found:
        raise Negative(f"There is no rule {rule_id}. `holdfast rules list` names them.")
    for pack, rule in found:
        click.echo("\n".join(described(pack, rule)) + "\n")
        if source:
            click.echo(as_written(pack, rule))


def described(pack: Pack, rule: Rule) -> list[str]:
    """A rule for a person at a terminal, a line each."""
    text = rule.text
    applies = "; ".join(f"{axis} {', '.join(getattr(text.applies, axis))}" for axis in ("regions", "phases", "modalities", "routes"))
    lines = [
        f"{rule.id} {text.title}",
        f"  pack       {pack.id} {pack.version}{_status(pack.status)}",
        f"  question   {text.question}",
        f"  applies    {applies}",
        f"  severity   {text.severity}; override {text.override}",
    ]
    lines += [f"  lighter    {lighter.severity} in {', '.join(lighter.phases)}: {lighter.why}" for lighter in text.lighter]
    lines += [f"  suspended  by {suspension.rule}, on the ground of: {suspension.ground}" for suspension in text.suspended_by]
    lines += [f"  cites      {cite.document} {cite.paragraph} ({_strength(cite)})" for cite in text.cite]
    lines += [f"  {name:<10} {value}" for name, value in (("binds", text.binds), ("note", text.note), ("exemption", text.exemption)) if value]
    return [*lines, *_examples(rule), f"  written in {pack.document.file}"]


def as_written(pack: Pack, rule: Rule) -> str:
    """The lines of the pack that hold a rule."""
    starts = [pack.document.places["rules", index][0] for index in range(len(pack.rules))]
    index = pack.rules.index(rule)
    end = starts[index + 1] - 1 if index + 1 < len(starts) else None
    return "\n".join(pack.source.splitlines()[starts[index] - 1 : end])


def _strength(cite: Citation) -> str:
    document = known_documents().get(cite.document)
    edition = f"; edition {document.edition}" if document and document.edition else ""
    note = f"; {cite.note}" if cite.note else ""
    return f"{cite.authority.replace('_', ' ')}, confidence {cite.confidence}, from {cite.source_check}{edition}{note}"


def _examples(rule: Rule) -> list[str]:
    counted = {answer: len(rule.text.examples.get(answer, [])) for answer in ANSWERS}
    return ["  examples   " + ", ".join(f"{number} {answer}" for answer, number in counted.items() if number)]


@rules.command()
@click.argument("packs", metavar="[PACK]...", nargs=-1)
def test(packs: tuple[str, ...]) -> None:
    """Check packs: shape, fields, documents, examples, and that no condition could change unnoticed. A file of your own, or the id of a
    shipped pack; every shipped pack without one. Exit 1 when something is wrong."""
    wrong = 0
    for pack, findings in [_checked(name) for name in packs or pack_names()]:
        for finding in findings:
            click.echo(str(finding))
        wrong += len(findings)
        if pack is not None:
            click.echo(f"{pack.id} {pack.version}: {len(pack.rules)} rules, {len(findings)} findings")
    if wrong:
        raise SystemExit(1)


def _checked(name: str) -> tuple[Pack | None, list[Any]]:
    if Path(name).is_file():
        return check_text(Path(name).read_text("utf-8"), Dossier, name)
    pack = find_pack(name)
    return pack, check_pack(pack, Dossier)


def find_pack(name: str) -> Pack:
    """A pack from a file, or a shipped one by id or name. Raises `Negative`."""
    if Path(name).is_file():
        return load_pack(Path(name), Dossier, name)
    for pack in shipped_packs(Dossier):
        if name in (pack.id, pack.document.file):
            return pack
    raise Negative(f"There is no pack {name!r}: give a file, or one of {', '.join(pack.id for pack in shipped_packs(Dossier))}.")


@rules.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("rule_id", metavar="ID")
def suggest(file: Path, rule_id: str) -> None:
    """Examples for a rule of a pack that you are writing, from its `given`: what it does answer to small changes. Read them before you keep
    them; change the rule where it answers what it should not."""
    pack = load_pack(file, Dossier, str(file), in_writing=True)
    rule = next((rule for rule in pack.rules if rule.id == rule_id), None)
    if rule is None or rule.text.given is None:
        raise Negative(f"{file} has no rule {rule_id} with a `given` dossier to start from.")
    click.echo(written(suggested(pack, rule, Dossier)))


@rules.command()
@click.argument("pack")
@click.argument("other")
@click.option("--dossier", "dossiers", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Show what it changes here.")
def diff(pack: str, other: str, dossiers: tuple[Path, ...]) -> None:
    """What another pack, or another version, says differently: rules added, taken away, changed; with dossiers (JSON), which answers on them
    change and why. Exit 1 when something differs."""
    before, after = find_pack(pack), find_pack(other)
    found = [*pack_differences(before, after), *(line for path in dossiers for line in _effects(before, after, path))]
    for line in found:
        click.echo(line)
    if found:
        raise SystemExit(1)
    click.echo("They say the same.")


def _effects(before: Pack, after: Pack, path: Path) -> list[str]:
    lines = []
    for effect in upgrade_effects(before, after, {str(path): read_dossier(path)}):
        lines.append(f"{effect.dossier}: {effect.state_before} became {effect.state_after}")
        lines += [f"  {c.rule} {c.title}: {c.before or 'not asked'} became {c.after or 'not asked'}. {c.why}" for c in effect.answers]
    return lines


def read_dossier(path: Path) -> dict[str, Any]:
    """A dossier from a JSON file. Raises `Negative` when it is none."""
    try:
        return Dossier.model_validate_json(path.read_text("utf-8")).model_dump(mode="json")
    except ValueError as error:
        raise Negative(f"{path} is no dossier: {str(error).splitlines()[0]}. See docs/reference/dossier.schema.json.") from error


@rules.command()
@click.argument("dossier", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--at", "phase", type=click.Choice(PHASES), required=True, help="The programme's phase.")
@click.option("--next", "next_phase", type=click.Choice(PHASES), help="The phase it heads for; the following one without it.")
@click.option("--drafts", is_flag=True, help="Ask by drafts too.")
def phase(dossier: Path, phase: Phase, next_phase: Phase | None, drafts: bool) -> None:
    """What must be true of a programme now, what at its next milestone, what may wait, on the evidence of a dossier (JSON). What is open
    comes first. Exit 1 when something that must be true now is not, or cannot be told."""
    packs = [pack for pack in current_packs(Dossier) if drafts or pack.status == "in_force"]
    view = phase_view(packs, read_dossier(dossier), phase, next_phase)
    for heading, expectations in (("Now", view.now), (f"At the next milestone ({view.next_phase})", view.next), ("May wait", view.later)):
        click.echo(f"{heading}: {sum(e.is_open for e in expectations)} of {len(expectations)} open")
        for e in sorted(expectations, key=lambda e: (not e.is_open, -WEIGHT[e.answer.severity], e.answer.id)):
            click.echo(f"  {e.answer.answer:<12} {e.answer.id:<12} {e.answer.severity:<8} {e.answer.title}. {e.why}")
            for need in e.needs:
                click.echo(f"{'':<15}{need}")
    if any(e.is_open for e in view.now):
        raise SystemExit(1)
