"""What an import may not do in passing: change who may do what. That is for the programme's system administrator."""

from __future__ import annotations

from typing import Any

from holdfast.kernel.clock import today
from holdfast.kernel.errors import Refused
from holdfast.ledger.models import ChangeSet, Programme, RowChange
from holdfast.people.models import Grant, Organisation, Person, Role, Site
from holdfast.people.policy import may_administer, roles_held

#: what says who may do what
AUTHORITY = (Organisation, Site, Person, Role, Grant)


class ChangesAuthority(Refused):
    """An import would change who may do what, and who asks does not administer the programme."""


def last_change_set() -> int:
    """The id of the last change set that is seen, to be given to `check_authority` after an import; 0 where there is none."""
    return ChangeSet.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def check_authority(person: Person, since: int) -> None:
    """Refuse what a person's change sets after `since` changed of who may do what, unless they administer every programme that these touched.

    Called in the import's own transaction: raises `ChangesAuthority`, which takes the import back.
    """
    mine = RowChange.objects.filter(change_set_id__gt=since, change_set__actor_id=person.pk)
    touched = set(mine.filter(table_name__in=[model._meta.db_table for model in AUTHORITY]).values_list("table_name", flat=True))
    if touched and not all(may_administer(roles_held(person, programme, today())) for programme in _programmes_of(mine)):
        names = ", ".join(sorted(str(model._meta.verbose_name_plural) for model in AUTHORITY if model._meta.db_table in touched))
        raise ChangesAuthority(f"This would change {names}, and who may do what is changed by the programme's system administrator. Nothing was written.")


def _programmes_of(changes: Any) -> list[Programme]:
    """Programmes that an import touched; those that the person sees when it touched none (the directory belongs to none)."""
    keys = set(changes.exclude(programme_id=None).values_list("programme_id", flat=True))
    return list(Programme.objects.filter(pk__in=keys) if keys else Programme.objects.all())


__all__ = ["ChangesAuthority", "check_authority", "last_change_set"]
