"""What is asked for when a pack is to be adopted, checked before anything is shown or written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from holdfast.dossier.schema import Dossier
from holdfast.kernel.errors import Refused
from holdfast.ledger.models import Programme
from holdfast.standards.checking import Finding, check_text
from holdfast.standards.library import shipped_packs
from holdfast.standards.loading import Pack
from holdfast.standards.phase_view import PHASES
from holdfast.standards.settings import Setting, SettingProblem, with_settings
from holdfast.standards.suspensions import SuspensionProblem, exceptions_in

from .models import PackDocument
from .packs import Adopted, PacksInForce, keep_loaded, packs_in_force, written_figures
from .questions import DESTINATIONS


class AdoptionRefused(Refused):
    """A pack cannot be adopted as asked; `findings` say where in its text, by line and column."""

    def __init__(self, message: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


@dataclass(frozen=True)
class Wanted:
    """A pack to be adopted: its text, where it is for (none named: wherever the pack applies), from which day, and the sponsor's figures by name.

    Figures that the programme had set in the pack it adopted before are kept, as far as the new version has them.
    """

    text: str
    file: str
    valid_from: date
    regions: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    figures: Mapping[str, Setting] = field(default_factory=dict)
    accepts_draft: bool = False


@dataclass(frozen=True)
class Checked:
    """A pack that may be adopted: compiled with its figures, and what would judge the programme before and after."""

    wanted: Wanted
    pack: Pack
    figures: Mapping[str, Setting]
    dropped: tuple[str, ...]  # figures set before that the new version does not have, or that law gives there
    before: PacksInForce
    after: PacksInForce

    @property
    def is_own(self) -> bool:
        return is_own(self.pack)


def is_own(pack: Pack) -> bool:
    """Whether no pack of its id is shipped."""
    return pack.id not in {shipped.id for shipped in shipped_packs(Dossier)}


def shipped_text(name: str) -> tuple[str, str]:
    """Text and file name of a shipped pack, by its id. Raises `AdoptionRefused`."""
    for pack in shipped_packs(Dossier):
        if name in (pack.id, pack.document.file):
            return pack.source, pack.document.file
    raise AdoptionRefused(f"Holdfast ships no pack {name!r}.")


def check_wanted(programme: Programme, wanted: Wanted, today: date) -> Checked:
    """Check a pack and everything that was asked of it. Raises `AdoptionRefused`. Reads what the open identity sees; writes nothing."""
    pack = _checked_pack(wanted)
    _check_scope(wanted, pack, today)
    _check_version(programme, pack)
    before = packs_in_force(programme, wanted.valid_from)
    figures, dropped = _figures(before, pack, wanted)
    try:
        pack_set = with_settings(pack, figures, Dossier) if figures else pack
        keep_loaded(pack)
        kept = written_figures({name: one.model_dump() for name, one in figures.items()})
        one = Adopted(0, pack.id, pack.version, pack.sha256, is_own(pack), wanted.regions, wanted.phases, has_ended=False, figures=kept)
        after = replace(before, adopted=(*before.adopted, one))
        exceptions_in(after.all)
    except (SettingProblem, SuspensionProblem) as problem:
        raise AdoptionRefused(str(problem)) from problem
    return Checked(wanted, pack_set, figures, dropped, before, after)


def _checked_pack(wanted: Wanted) -> Pack:
    shipped = next((pack for pack in shipped_packs(Dossier) if pack.sha256 == hashlib.sha256(wanted.text.encode("utf-8")).hexdigest()), None)
    if shipped is not None:  # checked when it was shipped
        return shipped
    pack, findings = check_text(wanted.text, Dossier, wanted.file)
    if pack is None or findings:
        what = f"{len(findings)} finding{'s' if len(findings) != 1 else ''}"
        raise AdoptionRefused(f"{wanted.file} cannot be adopted: {what}. The first: {findings[0]}", tuple(findings))
    return pack


def _check_scope(wanted: Wanted, pack: Pack, today: date) -> None:
    unknown = [name for name in wanted.regions if name not in DESTINATIONS] + [name for name in wanted.phases if name not in PHASES]
    if unknown:
        known = ", ".join([*DESTINATIONS, *PHASES])
        raise AdoptionRefused(f"{', '.join(unknown)}: not a region or phase. They are {known}.")
    if wanted.valid_from < today:
        raise AdoptionRefused(f"A pack is adopted from today or a later day, not from {wanted.valid_from}: what was judged before keeps its rules.")
    if pack.status != "in_force" and not wanted.accepts_draft:
        status = pack.status.replace("_", " ")
        raise AdoptionRefused(f"{pack.id} {pack.version} is {status}: {pack.header.status_note or 'it binds nobody yet'}. Say that you adopt it knowing that.")


def _check_version(programme: Programme, pack: Pack) -> None:
    """A version names one text, among the shipped packs and those that the programme has ever adopted."""
    texts = {(shipped.id, shipped.version): shipped.sha256 for shipped in shipped_packs(Dossier)}
    texts |= {(kept.pack, kept.version): kept.sha256 for kept in PackDocument.objects.filter(programme=programme, pack=pack.id).defer("content")}
    if texts.get((pack.id, pack.version), pack.sha256) != pack.sha256:
        raise AdoptionRefused(f"There is another text of {pack.id} {pack.version} already. Give yours a version of its own.")


def _figures(before: PacksInForce, pack: Pack, wanted: Wanted) -> tuple[dict[str, Setting], tuple[str, ...]]:
    """The figures that were set in the pack before, as far as they still stand for one, with those that are asked for over them."""
    had = next((one.settings for one in reversed(before.adopted) if one.pack == pack.id and not one.has_ended), {})
    carried, dropped = {}, []
    for name, setting in had.items():
        try:
            with_settings(pack, {name: setting}, Dossier)
            carried[name] = setting
        except SettingProblem:
            dropped.append(name)
    return {**carried, **wanted.figures}, tuple(dropped)
