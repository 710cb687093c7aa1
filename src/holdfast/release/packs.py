"""Which rule packs judge a batch of a programme on a day: those it has adopted, and the first editions for what it has adopted nothing of.

See docs/adr/0025-adoption.md. What was adopted is read in one short query for any number of programmes; packs are compiled once a process, by digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from django.db import connection

from holdfast.dossier.schema import Dossier
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import Programme
from holdfast.standards.judge import engine_digest
from holdfast.standards.library import default_packs
from holdfast.standards.loading import Pack, load_pack
from holdfast.standards.reading import walk
from holdfast.standards.settings import Setting, with_settings

#: packs by the digest of their text, as they were loaded from what programmes adopted; a process's own
_LOADED: dict[str, Pack] = {}


@dataclass(frozen=True)
class Adopted:
    """One adoption as it counts on a day. `figures`: the sponsor's values as canonical JSON, empty for none. `key` 0: it is not adopted yet."""

    key: int
    pack: str
    version: str
    sha256: str
    is_own: bool
    regions: tuple[str, ...]
    phases: tuple[str, ...]
    has_ended: bool
    figures: str = ""

    @property
    def settings(self) -> dict[str, Setting]:
        """The sponsor's values, by the figure's name."""
        return {name: Setting.model_validate(value) for name, value in json.loads(self.figures or "{}").items()}

    def covers(self, region: str, phase: str) -> bool | None:
        """Whether it is for batches of this region and phase; None where the phase decides and nobody recorded it."""
        if self.regions and region not in self.regions:
            return False
        return (phase in self.phases) if phase and self.phases else None if self.phases else True


@dataclass(frozen=True)
class PacksInForce:
    """What a programme is judged by on a day: its adoptions that have begun, earliest first."""

    programme: int
    adopted: tuple[Adopted, ...] = ()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the programme, the engine, and every pack with its scope and figures: a verdict of another digest is not current."""
        lines = [engine_digest(), str(self.programme), *(pack.sha256 for pack in default_packs(Dossier)), *(repr(one) for one in self.adopted)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @cached_property
    def all(self) -> tuple[Pack, ...]:
        """Every pack that judges any batch: adopted ones that have not ended, and the first editions."""
        found = [*(_pack(self.programme, one) for one in self.adopted if not one.has_ended), *self.defaults()]
        return tuple({pack.sha256: pack for pack in found}.values())

    @cached_property
    def titles(self) -> dict[str, str]:
        """The title of every rule that may judge here, by id; where several packs have the rule, of the one that comes first."""
        return {rule.id: rule.text.title for pack in reversed(self.all) for rule in pack.rules}

    def on(self, document: Mapping[str, Any]) -> tuple[Pack, ...]:
        """The packs that judge this dossier, in the order in which they are asked."""
        question = str(walk(document, ("decision", "question")))  # type: ignore[arg-type]
        region, phase = walk(document, ("decision", "region")), walk(document, ("decision", "phase"))  # type: ignore[arg-type]
        return self.asked(question, str(region or ""), str(phase or ""))

    def asked(self, question: str, region: str, phase: str) -> tuple[Pack, ...]:
        """The packs that answer a question for a region and phase.

        Packs that Holdfast ships and newer versions of them come first, then the first editions as far as no adopted pack has their rules, then the
        sponsor's own packs: a rule that stands in two is judged by the first, so an own pack adds rules and never takes the place of one unnoticed.
        """
        return _asked(self, question, region, phase)

    def defaults(self, region: str = "", phase: str = "") -> list[Pack]:
        """The first editions of which no adoption is certainly for batches of this region and phase; of any, without them."""
        replaced = {one.pack for one in self.adopted if one.covers(region, phase)}
        return [pack for pack in default_packs(Dossier) if pack.id not in replaced]


@lru_cache(maxsize=1024)
def _asked(packs: PacksInForce, question: str, region: str, phase: str) -> tuple[Pack, ...]:
    adopted = [(one, _pack(packs.programme, one)) for one in _chosen(packs.adopted, region, phase) if not one.has_ended]
    adopted = [(one, pack) for one, pack in adopted if question in pack.questions]
    held = {(rule.id, rule.text.question) for _, pack in adopted for rule in pack.rules}
    defaults = [
        pack
        for pack in packs.defaults(region, phase)
        if question in pack.questions and any((rule.id, rule.text.question) not in held for rule in pack.rules if rule.text.question == question)
    ]
    return (*(pack for one, pack in adopted if not one.is_own), *defaults, *(pack for one, pack in adopted if one.is_own))


def _chosen(adopted: tuple[Adopted, ...], region: str, phase: str) -> list[Adopted]:
    """Of each pack the latest adoption that covers a region and phase, by the pack's id.

    Where the phase is not recorded, those that may cover it count as well, the latest first: what nobody recorded excuses from nothing.
    """
    found: dict[str, list[Adopted]] = {}
    settled: set[str] = set()
    for one in reversed(adopted):
        covers = one.covers(region, phase)
        if covers is not False and one.pack not in settled:
            found.setdefault(one.pack, []).append(one)
            settled |= {one.pack} if covers else set()
    return [one for name in sorted(found) for place, one in enumerate(found[name]) if one.sha256 not in {other.sha256 for other in found[name][:place]}]


def packs_in_force(programme: Programme | int, on: date) -> PacksInForce:
    """What judges a programme on a day. One query."""
    key = programme if isinstance(programme, int) else programme.pk
    return packs_in_force_of([key], on)[key]


def packs_in_force_of(programmes: Collection[int], on: date) -> dict[int, PacksInForce]:
    """What judges each of some programmes on a day. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT holdfast_adoptions(%s::bigint[])", [list(programmes)])
        return read_adoptions(programmes, cursor.fetchone()[0], on)


def read_adoptions(programmes: Collection[int], rows: str | list[dict[str, Any]], on: date) -> dict[int, PacksInForce]:
    """What judges each programme, from what `holdfast_adoptions` answered."""
    found: dict[int, list[Adopted]] = {key: [] for key in programmes}
    for row in json.loads(rows) if isinstance(rows, str) else rows:
        if row["valid_from"] <= on.isoformat():
            found[row["programme"]].append(_adopted(row, on.isoformat()))
    return {key: PacksInForce(key, tuple(adopted)) for key, adopted in found.items()}


def _adopted(row: dict[str, Any], on: str) -> Adopted:
    figures = {one["name"]: {name: one[name] for name in ("value", "reason", "by")} for one in row["figures"] if one["valid_from"] <= on}
    return Adopted(
        row["id"], row["pack"], row["version"], row["sha256"], row["is_own"], tuple(row["regions"]), tuple(row["phases"]),
        has_ended=row["valid_until"] is not None and row["valid_until"] < on, figures=written_figures(figures),
    )  # fmt: skip


def written_figures(figures: Mapping[str, Any]) -> str:
    """A sponsor's values as text that says the same for the same values; empty for none."""
    return json.dumps(figures, sort_keys=True, ensure_ascii=False) if figures else ""


@lru_cache(maxsize=512)
def _pack_set(sha256: str, figures: str) -> Pack:
    settings = {name: Setting.model_validate(value) for name, value in json.loads(figures).items()}
    return with_settings(_LOADED[sha256], settings, Dossier)


def _pack(programme: int, adopted: Adopted) -> Pack:
    """An adopted pack with the sponsor's figures, from the text that was adopted; read as the evaluator the first time this process needs it."""
    from .models import PackDocument

    if adopted.sha256 not in _LOADED:
        with viewing(Viewer.evaluator(programme)):
            kept = PackDocument.objects.get(programme_id=programme, sha256=adopted.sha256)
        keep_loaded(load_pack(bytes(kept.content).decode("utf-8"), Dossier, f"{kept.pack} {kept.version}"))
    return _pack_set(adopted.sha256, adopted.figures) if adopted.figures else _LOADED[adopted.sha256]


def keep_loaded(pack: Pack) -> None:
    """Keep a compiled pack for this process, by the digest of its text."""
    _LOADED.setdefault(pack.sha256, pack)


def texts_of(digests: Iterable[str]) -> str:
    """The texts of the first editions and of those of these packs that this process has loaded: what everybody may read who is shown a verdict."""
    known = [_LOADED[digest] for digest in sorted(set(digests)) if digest in _LOADED]
    return "\n".join(pack.source for pack in [*default_packs(Dossier), *known])
