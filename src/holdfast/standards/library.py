"""What Holdfast ships: rule packs, which of them are on by default, the ids of every rule known, and those that records cannot answer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml
from pydantic import BaseModel

from .loading import Pack, load_pack
from .pack import Document, Strict

#: a programme that has adopted nothing is judged by these; nothing that is a draft or not yet in force is ever among them
ON_BY_DEFAULT = ("eu_certification/phase2_atmp.yaml", "us_disposition/phase2_cell_therapy.yaml")
NOT_PACKS = ("not_judged.yaml",)


class UnjudgedRule(Strict):
    """A rule that cannot be judged on records, and why."""

    id: str
    title: str
    why: str


def _folder() -> Traversable:
    return resources.files("holdfast.standards").joinpath("packs")


def pack_names() -> list[str]:
    """The shipped packs' names: their paths below `standards/packs`."""
    return sorted(name for name in _yaml_files(_folder(), "") if name not in NOT_PACKS)


def _yaml_files(folder: Traversable, prefix: str) -> Iterator[str]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _yaml_files(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".yaml"):
            yield f"{prefix}{entry.name}"


def pack_text(name: str) -> str:
    """The text of a shipped pack, by its name."""
    return _folder().joinpath(*name.split("/")).read_text("utf-8")


@cache
def shipped_pack(name: str, schema: type[BaseModel]) -> Pack:
    """One shipped pack, loaded once a process."""
    return load_pack(pack_text(name), schema, name)


@cache
def shipped_packs(schema: type[BaseModel]) -> tuple[Pack, ...]:
    """Every pack that Holdfast ships."""
    return tuple(shipped_pack(name, schema) for name in pack_names())


@cache
def current_packs(schema: type[BaseModel]) -> tuple[Pack, ...]:
    """The shipped packs of today: all but the first editions, whose rules they say again for every phase and product."""
    return tuple(pack for pack in shipped_packs(schema) if pack.document.file not in ON_BY_DEFAULT)


@cache
def default_packs(schema: type[BaseModel]) -> tuple[Pack, ...]:
    """The packs that judge a programme which has adopted none."""
    return tuple(shipped_pack(name, schema) for name in ON_BY_DEFAULT)


@cache
def rule_ids() -> tuple[str, ...]:
    """Every rule id that Holdfast knows: each is in a pack, or among `not_judged`."""
    return tuple(_standards("rule_ids.txt").read_text("utf-8").split())


@cache
def not_judged() -> tuple[UnjudgedRule, ...]:
    """The rules that cannot be judged on records, each with the reason."""
    data: list[dict[str, Any]] = yaml.safe_load(pack_text("not_judged.yaml")) or []
    return tuple(UnjudgedRule.model_validate(item) for item in data)


@cache
def known_documents() -> dict[str, Document]:
    """The documents that shipped packs cite, by name."""
    data: list[dict[str, Any]] = yaml.safe_load(_standards("documents.yaml").read_text("utf-8"))
    return {item["name"]: Document.model_validate(item) for item in data}


def _standards(name: str) -> Traversable:
    return resources.files("holdfast.standards").joinpath(name)
