"""Finding programmes and batches for commands, under the operator's identity or a named person's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from holdfast.kernel.errors import Refused
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import Programme


@contextmanager
def seeing_as(email: str | None) -> Iterator[None]:
    """Read as a person (by the e-mail of their log-in), or as the operator of this machine."""
    with viewing(viewer_of(email)):
        yield


def viewer_of(email: str | None) -> Viewer:
    if not email:
        return Viewer.operator()
    account = account_of(email)
    if account.person_id is None:
        raise Refused(f"The log-in {email} belongs to no person, so it sees nothing.")
    return Viewer.person(account.person_id)


def account_of(email: str) -> Any:
    """The log-in with an e-mail. Raises `Refused`."""
    from holdfast.people.models import Account

    with viewing(Viewer.operator()):
        account = Account.objects.filter(email__iexact=email).select_related("person__organisation").first()
    if account is None:
        raise Refused(f"There is no log-in {email}. `holdfast user list` shows those there are.")
    return account


def programmes() -> list[Programme]:
    """Programmes that the open identity sees."""
    return list(Programme.objects.order_by("number"))


def find_programme(number: str) -> Programme:
    """A programme by its number. Raises `Refused` when there is none that the open identity sees."""
    found = Programme.objects.filter(number=number).first()
    if found is None:
        raise Refused(f"There is no programme {number} that you can see. `holdfast programme list` shows those there are.")
    return found


def find_batch(number: str) -> Any:
    """A drug product lot by its number, in whichever visible programme has it. Raises `Refused` when none or several do."""
    from holdfast.batch.models import Lot

    found = list(
        Lot.objects.filter(record__number=number, lot_kind="drug_product", record__voided_at__isnull=True).select_related(
            "record", "programme", "product__record", "made_at__organisation", "process__record"
        )
    )
    if len(found) != 1:
        raise Refused(f"There is no batch {number} that you can see." if not found else f"Several programmes have a batch {number}.")
    return found[0]
