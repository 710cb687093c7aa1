"""Adopt a rule pack for a programme, end it, and set its figures: each in a change set with a reason. Nothing that was decided is altered."""

from __future__ import annotations

from datetime import date
from typing import Any

from holdfast.dossier.schema import Dossier
from holdfast.kernel.clock import today
from holdfast.ledger.access import sees_whole
from holdfast.ledger.changes import OpenChangeSet
from holdfast.ledger.models import Programme
from holdfast.people.models import Person
from holdfast.people.policy import may_adopt, roles_held
from holdfast.standards.library import default_packs
from holdfast.standards.loading import Pack, load_pack
from holdfast.standards.settings import Setting, SettingProblem, with_settings

from ..adopting import AdoptionRefused, Wanted, check_wanted
from ..models import PackAdoption, PackDocument, PackFigure


def adopt(change_set: OpenChangeSet, wanted: Wanted, reason: str, *, by: Person) -> PackAdoption:
    """Adopt a pack, with the sponsor's figures. Raises `AdoptionRefused`: a role that may not, a pack with findings, a draft that nobody called one."""
    programme = check_adopter(change_set, by)
    checked = check_wanted(programme, wanted, today())
    pack = checked.pack
    adoption = PackAdoption(
        programme=programme, document=_document(programme, pack), pack=pack.id, is_own=checked.is_own, is_draft=pack.status != "in_force",
        regions=list(wanted.regions), phases=list(wanted.phases), reason=_said(reason), adopted_by=by, valid_from=wanted.valid_from,
    )  # fmt: skip
    adoption.save(force_insert=True)
    for name, setting in checked.figures.items():
        _figure(adoption, name, setting, wanted.valid_from, by)
    return adoption


def end(change_set: OpenChangeSet, pack: str, on: date, reason: str, *, by: Person) -> PackAdoption:
    """End a pack: it judges until a day, included. A first edition that was never adopted is adopted until that day, so that it ends on the record.

    Raises `AdoptionRefused` when the programme is not judged by it, and for a day that is past.
    """
    programme = check_adopter(change_set, by)
    if on < today():
        raise AdoptionRefused(f"A pack ends today or on a later day, not on {on}: what was judged before keeps its rules.")
    standing = _latest(programme, pack)
    if standing is None:
        return _end_default(programme, pack, on, _said(reason), by)
    if standing.valid_until is not None and standing.valid_until < today():
        raise AdoptionRefused(f"{pack} ended on {standing.valid_until}.")
    if standing.valid_from is None or on < standing.valid_from:
        raise AdoptionRefused(f"{pack} is adopted from {standing.valid_from}; it cannot end before that.")
    standing.valid_until = on
    standing.save(update_fields=["valid_until"])
    return standing


def set_figure(change_set: OpenChangeSet, pack: str, name: str, value: Any, reason: str, *, by: Person) -> PackFigure:
    """Set a figure of an adopted pack from today, with its reason.

    Raises `AdoptionRefused` for a pack that is not adopted, a figure that it does not have or that law gives, another kind of value, or no reason.
    """
    programme = check_adopter(change_set, by)
    standing = _latest(programme, pack)
    if standing is None or standing.valid_from is None or (standing.valid_until is not None and standing.valid_until < today()):
        raise AdoptionRefused(f"{pack} is not adopted, so no figure of it can be set. Adopt it first.")
    setting = Setting(value=value, reason=reason.strip(), by=by.printed_name)
    try:
        with_settings(adopted_pack(standing), {name: setting}, Dossier)
    except SettingProblem as problem:
        raise AdoptionRefused(str(problem)) from problem
    return _figure(standing, name, setting, max(today(), standing.valid_from), by)


def adopted_pack(adoption: PackAdoption) -> Pack:
    """The pack of an adoption as it was adopted, without the sponsor's figures."""
    kept = adoption.document
    return load_pack(bytes(kept.content).decode("utf-8"), Dossier, f"{kept.pack} {kept.version}")


def check_adopter(change_set: OpenChangeSet, person: Person) -> Programme:
    """The change set's programme. Raises `AdoptionRefused` unless the person is of the sponsor's Quality Unit there and sees the whole of it."""
    programme = change_set.programme
    if programme is None or not may_adopt(roles_held(person, programme, today())) or person.organisation.kind != "sponsor":
        raise AdoptionRefused(f"{person.printed_name} is not of the sponsor's Quality Unit here today: what batches are judged by is not theirs to say.")
    if not sees_whole(programme.number):
        raise AdoptionRefused(f"{person.printed_name} does not see the whole of {programme.number}, and so not what other rules would change.")
    return programme


def _latest(programme: Programme, pack: str) -> PackAdoption | None:
    rows = PackAdoption.objects.select_for_update(of=("self",)).select_related("document").filter(programme=programme, pack=pack, voided_at__isnull=True)
    return rows.order_by("-valid_from", "-pk").first()


def _end_default(programme: Programme, pack: str, on: date, reason: str, by: Person) -> PackAdoption:
    edition = next((one for one in default_packs(Dossier) if one.id == pack), None)
    if edition is None:
        raise AdoptionRefused(f"{programme.number} is not judged by a pack {pack!r}.")
    ended = PackAdoption(
        programme=programme, document=_document(programme, edition), pack=pack, is_own=False, is_draft=False, reason=reason, adopted_by=by,
        valid_from=today(), valid_until=on,
    )  # fmt: skip
    ended.save(force_insert=True)
    return ended


def _document(programme: Programme, pack: Pack) -> PackDocument:
    found = PackDocument.objects.filter(programme=programme, sha256=pack.sha256).first()
    if found is None:
        found = PackDocument(programme=programme, pack=pack.id, version=pack.version, sha256=pack.sha256, content=pack.source.encode("utf-8"))
        found.save(force_insert=True)
    return found


def _figure(adoption: PackAdoption, name: str, setting: Setting, on: date, by: Person) -> PackFigure:
    figure = PackFigure(programme=adoption.programme, adoption=adoption, name=name, value=setting.value, reason=setting.reason, valid_from=on, set_by=by)
    figure.save(force_insert=True)
    return figure


def _said(reason: str) -> str:
    if not reason.strip():
        raise AdoptionRefused("Say why: the reason stands in the ledger beside what was adopted.")
    return reason.strip()
