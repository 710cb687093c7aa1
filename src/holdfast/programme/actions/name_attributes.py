"""Tie attributes to the dictionary, and remember what a person said that a name means."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kernel.errors import NotReadable, Refused
from holdfast.kernel.unit import find_unit
from holdfast.ledger.actions import store_rows
from holdfast.ledger.changes import OpenChangeSet
from holdfast.people.models import Organisation
from holdfast.programme.models import Attribute, AttributeName
from holdfast.standards.dictionary.loading import dictionary
from holdfast.standards.dictionary.names import key_of


@dataclass(frozen=True)
class Remembered:
    """What an answer did: the remembered name, and the attributes of the programme that it named."""

    name: AttributeName
    attributes: tuple[Attribute, ...]


def remember_name(change_set: OpenChangeSet, name: str, entry: str, *, organisation: Organisation | None = None, unit: str | None = None) -> Remembered:
    """Remember that a name means an entry of the dictionary (blank: none of them), and tie the programme's attributes of that name to it.

    With an organisation the answer is for what comes from it; with a unit, only for results of that kind of quantity.
    Raises `Refused` when the name is empty, the entry does not exist, or an attribute's unit measures something else.
    """
    key = key_of(name)
    if not key:
        raise Refused("An answer needs the name it is for.")
    if len(key) > 200 or len(name) > 200:
        raise Refused(f"The name has {len(name)} characters; 200 fit.")
    kind = find_unit(unit).kind if unit is not None else ""
    row = {"name": name.strip(), "key": key, "organisation": organisation, "quantity_kind": kind, "dictionary_entry": _checked(entry)}
    stored = store_rows(change_set, AttributeName, [row])
    named = [one for one in standing_attributes(change_set) if key_of(one.name) == key and (not kind or _kind_of(one) == kind)]
    for attribute in named:
        tie_attribute(change_set, attribute, entry)
    return Remembered(AttributeName.objects.get(pk=stored.keys[0]), tuple(named))


def tie_attribute(change_set: OpenChangeSet, attribute: Attribute, entry: str) -> Attribute:
    """Say which entry of the dictionary an attribute is (blank: none). Raises `Refused` when there is no such entry or its kind of quantity differs."""
    why_not = mismatch(_checked(entry), attribute.unit)
    if why_not:
        raise Refused(f"{attribute.name}: {why_not}")
    if attribute.dictionary_entry != entry:
        attribute.dictionary_entry = entry
        attribute.save(update_fields=["dictionary_entry"])
    return attribute


def mismatch(entry: str, unit: str) -> str:
    """Why an attribute with this unit cannot be that entry, in a sentence; empty when it can. An attribute without a unit is a word, or was given none."""
    if not entry:
        return ""
    try:
        known = dictionary().get(entry)
    except NotReadable as error:
        return str(error)
    kind = find_unit(unit).kind
    if unit and kind not in known.kinds:
        return f"{unit} measures {kind}, and {known.name} is reported in {', '.join(u or 'words' for u in known.units)}."
    return ""


def standing_attributes(change_set: OpenChangeSet) -> list[Attribute]:
    """The programme's attributes that were not voided."""
    return list(Attribute.objects.filter(programme=change_set.programme, voided_at__isnull=True).order_by("code"))


def _checked(entry: str) -> str:
    if entry:
        try:
            dictionary().get(entry)
        except NotReadable as error:
            raise Refused(str(error)) from error
    return entry


def _kind_of(attribute: Attribute) -> str:
    return find_unit(attribute.unit).kind


__all__ = ["Remembered", "mismatch", "remember_name", "tie_attribute"]
