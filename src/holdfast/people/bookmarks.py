"""What a person keeps at hand: records seen lately, records pinned, views of the board by name. A convenience, no fact about a product."""

from __future__ import annotations

from typing import Any

from django.db import connection

from holdfast.kernel.clock import now
from holdfast.kernel.errors import Refused
from holdfast.ledger.models import Record

from .models import Account, Bookmark, SavedView

RECENT, PINNED, VIEWS = 8, 30, 20


def remember(account: Any, record: int) -> None:
    """Note that a record was looked at now. A replica keeps nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        if cursor.fetchone()[0] == "on":
            return
        cursor.execute(
            "INSERT INTO people_bookmark (account_id, record_id, seen_at) VALUES (%s, %s, clock_timestamp())"
            " ON CONFLICT (account_id, record_id) DO UPDATE SET seen_at = excluded.seen_at",
            [account.pk, record],
        )


def pin(account: Account, record: Record) -> None:
    """Keep a record at hand. Raises `Refused` when so many are kept already."""
    if Bookmark.objects.filter(account=account, pinned_at__isnull=False).exclude(record_id=record.pk).count() >= PINNED:
        raise Refused(f"{PINNED} records are pinned already. Take one away first.")
    Bookmark.objects.update_or_create(
        account=account, record_id=record.pk, defaults={"pinned_at": now()}, create_defaults={"pinned_at": now(), "seen_at": now()}
    )


def unpin(account: Account, record: Record) -> None:
    """Keep a record no longer at hand."""
    Bookmark.objects.filter(account=account, record_id=record.pk).update(pinned_at=None)


def is_pinned(account: Any, record: int) -> bool:
    """Whether a record is kept at hand."""
    return Bookmark.objects.filter(account=account, record_id=record, pinned_at__isnull=False).exists()


def at_hand(account: Any) -> tuple[list[Record], list[Record]]:
    """Pinned records, and those seen lately, as far as the open identity still sees them: what is hidden now is not named."""
    mine = list(Bookmark.objects.filter(account=account).order_by("-seen_at")[: PINNED + RECENT * 3])
    pinned = [one.record_id for one in mine if one.pinned_at]
    recent = [one.record_id for one in mine if not one.pinned_at][: RECENT * 2]
    rows = Record.objects.in_bulk([*pinned, *recent])
    return [rows[key] for key in pinned if key in rows], [rows[key] for key in recent if key in rows][:RECENT]


def save_view(account: Account, name: str, query: str) -> SavedView:
    """Keep a view of the board under a name; the same name is replaced. Raises `Refused` without a name, or when so many are kept already."""
    name = name.strip()
    if not 1 <= len(name) <= 60 or len(query) > 500:
        raise Refused("Give the view a name of up to 60 characters.")
    if SavedView.objects.filter(account=account).exclude(name=name).count() >= VIEWS:
        raise Refused(f"{VIEWS} views are kept already. Take one away first.")
    return SavedView.objects.update_or_create(account=account, name=name, defaults={"query": query})[0]


def forget_view(account: Account, key: int) -> None:
    """Take a view away."""
    SavedView.objects.filter(account=account, pk=key).delete()


def views_of(account: Any) -> list[SavedView]:
    """A person's views by name."""
    return list(SavedView.objects.filter(account=account).order_by("name"))


__all__ = ["at_hand", "forget_view", "is_pinned", "pin", "remember", "save_view", "unpin", "views_of"]
