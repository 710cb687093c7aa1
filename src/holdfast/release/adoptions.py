"""What a programme is judged by, as it is shown: each pack with its day, scope and figures, and the shipped packs that it has not adopted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from holdfast.dossier.schema import Dossier
from holdfast.kernel.clock import today
from holdfast.ledger.models import Programme
from holdfast.standards.library import current_packs, shipped_packs
from holdfast.standards.loading import Pack, load_pack
from holdfast.standards.pack import Parameter

from .figures import typed, written
from .models import PackAdoption
from .packs import packs_in_force


@dataclass(frozen=True)
class FigureLine:
    """A figure of a pack: what the pack says and why, what the sponsor set and why."""

    name: str
    value: str
    default: str
    unit: str
    authority: str
    why: str
    is_set: bool = False
    reason: str = ""
    by: str = ""

    @property
    def may_be_set(self) -> bool:
        """Whether the sponsor may set it: a figure that law gives stays."""
        return self.authority != "law"


@dataclass(frozen=True)
class AdoptionLine:
    """A pack that judges, or will, or did until its end. `key` None: a first edition that judges because nobody gave it up."""

    key: int | None
    pack: str
    version: str
    title: str
    status: str
    sha256: str
    origin: str  # shipped | own | own version of a shipped pack | first edition
    state: str  # judges | to come | ended | replaced
    since: str
    where: str
    rules: int
    figures: tuple[FigureLine, ...]
    reason: str = ""
    by: str = ""

    @property
    def is_set(self) -> bool:
        """Whether the sponsor set any figure."""
        return any(figure.is_set for figure in self.figures)


@dataclass(frozen=True)
class AdoptionsShown:
    """What judges today, what did or will, and what could."""

    judging: tuple[AdoptionLine, ...]
    others: tuple[AdoptionLine, ...]
    available: tuple[Pack, ...]

    def as_json(self) -> dict[str, Any]:
        """As scripts read it."""
        available = [{"pack": pack.id, "version": pack.version, "title": pack.header.title, "status": pack.status} for pack in self.available]
        return {"judging": [asdict(one) for one in self.judging], "others": [asdict(one) for one in self.others], "available": available}


def adoptions_shown(programme: Programme) -> AdoptionsShown:
    """What judges a programme today and what it has adopted, as the open identity sees it (adoptions are for who sees the whole programme)."""
    day = today()
    rows = list(PackAdoption.objects.filter(programme=programme, voided_at__isnull=True).select_related("document", "adopted_by").order_by("valid_from", "pk"))
    force = packs_in_force(programme, day)
    figures = {one.key: one.settings for one in force.adopted}
    lines = [_line(row, figures.get(row.pk, {}), _state(row, rows, day)) for row in rows]
    judging = [line for line in lines if line.state == "judges"]
    firsts = [_first_edition(pack) for pack in force.defaults()]
    adopted = {line.sha256 for line in lines if line.state in {"judges", "to come"}}
    available = tuple(pack for pack in current_packs(Dossier) if pack.sha256 not in adopted)
    return AdoptionsShown((*judging, *firsts), tuple(reversed([line for line in lines if line.state != "judges"])), available)


def _state(row: PackAdoption, rows: Sequence[PackAdoption], day: date) -> str:
    if row.valid_from is None or row.valid_from > day:
        return "to come"
    if row.valid_until is not None and row.valid_until < day:
        return "ended"
    later = [one for one in rows[rows.index(row) + 1 :] if one.pack == row.pack and one.valid_from is not None and one.valid_from <= day]
    return "replaced" if any(_covers(one, row) for one in later) else "judges"


def _covers(later: PackAdoption, earlier: PackAdoption) -> bool:
    """Whether a later adoption is for everything that an earlier one is for."""
    pairs = ((later.regions, earlier.regions), (later.phases, earlier.phases))
    return all(not wide or (narrow and set(narrow) <= set(wide)) for wide, narrow in pairs)


def _line(row: PackAdoption, settings: dict[str, Any], state: str) -> AdoptionLine:
    pack = load_pack(bytes(row.document.content).decode("utf-8"), Dossier, f"{row.document.pack} {row.document.version}")
    until = f" until {row.valid_until}" if row.valid_until else ""
    return AdoptionLine(
        row.pk, row.pack, pack.version, pack.header.title, pack.status, pack.sha256, _origin(row, pack), state, f"From {row.valid_from}{until}",
        _where(row.regions, row.phases), len(pack.rules), figure_lines(pack, settings), row.reason, row.adopted_by.printed_name,
    )  # fmt: skip


def _first_edition(pack: Pack) -> AdoptionLine:
    return AdoptionLine(
        None, pack.id, pack.version, pack.header.title, pack.status, pack.sha256, "first edition", "judges", "Until it is ended, or replaced rule by rule",
        "wherever it applies", len(pack.rules), figure_lines(pack, {}),
    )  # fmt: skip


def _origin(row: PackAdoption, pack: Pack) -> str:
    """Whose text it is: a version of a shipped pack that Holdfast does not ship is the sponsor's."""
    if any(shipped.sha256 == pack.sha256 for shipped in shipped_packs(Dossier)):
        return "shipped"
    return "own" if row.is_own else "own version of a shipped pack"


def _where(regions: Sequence[str], phases: Sequence[str]) -> str:
    named = [", ".join(regions), ", ".join(phase.replace("phase", "phase ") for phase in phases)]
    return "; ".join(filter(None, named)) or "wherever it applies"


def figure_lines(pack: Pack, settings: dict[str, Any]) -> tuple[FigureLine, ...]:
    """Every figure of a pack, with what the sponsor set."""
    return tuple(_figure(name, parameter, settings.get(name)) for name, parameter in pack.defaults.items())


def _figure(name: str, parameter: Parameter, setting: Any) -> FigureLine:
    default = written(parameter.value)
    if setting is None:
        return FigureLine(name, default, default, parameter.unit, parameter.authority, parameter.why)
    return FigureLine(name, written(setting.value), default, parameter.unit, parameter.authority, parameter.why, True, setting.reason, setting.by)


def figure_typed(programme: Programme | None, pack: str, name: str, text: str) -> Any:
    """A typed value as the adopted pack writes that figure; text where there is no such pack or figure."""
    row = PackAdoption.objects.filter(programme=programme, pack=pack, voided_at__isnull=True).select_related("document").order_by("valid_from", "pk").last()
    parameters = load_pack(bytes(row.document.content).decode("utf-8"), Dossier).defaults if row else {}
    return typed(parameters.get(name), text)
