"""The ledger, page by page: change sets that somebody asks for, exceptions first, each with why it is one. A number of queries that does not grow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Collate, Lower

from holdfast.kernel.errors import Refused

from .install import regulated_models
from .models import ChangeSet, Detail, ExceptionKind, Fact, LedgerException, Record, RowChange, Signature

PAGE = 50
#: rows of a change set that are counted; more are said to be more
COUNTED = 1000


class NotAPlaceInTheLedger(Refused):
    """An `after` that no page of the ledger gave."""


@dataclass(frozen=True)
class LedgerFilter:
    """Which change sets are asked for; an empty field asks for all. `since` is included, `until` is not."""

    record: str = ""  # number of a record: every version, with the rows that are part of it
    person: str = ""  # part of the printed name of who did it
    action: str = ""  # part of the action
    since: datetime | None = None
    until: datetime | None = None
    kind: str = ""  # an `ExceptionKind`
    newest_first: bool = False  # exceptions where they fall, not before everything else


@dataclass
class LedgerLine:
    """One change set: how many rows of it are seen, and why it is an exception (nothing where it is none)."""

    made: ChangeSet
    rows: int
    reasons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def rows_said(self) -> str:
        return f"more than {COUNTED}" if self.rows > COUNTED else str(self.rows)


@dataclass(frozen=True)
class LedgerPage:
    """Lines with the place of what follows, and the number of change sets with each kind of exception in all that is asked for."""

    lines: list[LedgerLine]
    after: str
    counts: dict[str, int]


def ledger_page(wanted: LedgerFilter, after: str = "", limit: int = PAGE) -> LedgerPage:
    """One page of the ledger as the open identity sees it. Raises `NotAPlaceInTheLedger`."""
    rows = _asked(wanted)
    found, more = _cut(rows, wanted, _place(after), limit)
    last = found[-1] if found else None
    next_place = f"{last[0]}.{last[1].pk}" if more and last else ""
    return LedgerPage(lines_of([made for _, made in found]), next_place, _counts(wanted))


def _place(after: str) -> tuple[int, int] | None:
    if not after:
        return None
    rank, _, key = after.partition(".")
    if rank not in {"0", "1"} or not key.isdecimal() or len(key) > 18:
        raise NotAPlaceInTheLedger("This is no place in the ledger. Begin at its first page.")
    return int(rank), int(key)


def _cut(rows: QuerySet[ChangeSet], wanted: LedgerFilter, place: tuple[int, int] | None, limit: int) -> tuple[list[tuple[int, ChangeSet]], bool]:
    """Up to `limit` change sets with their rank (0: an exception), newest first within a rank, and whether more follow."""
    is_exception = Exists(LedgerException.objects.filter(change_set=OuterRef("pk")))
    ranks = (
        [(1, rows)]
        if wanted.newest_first or wanted.kind
        else [(0, rows.filter(pk__in=LedgerException.objects.values("change_set"))), (1, rows.filter(~is_exception))]
    )
    found: list[tuple[int, ChangeSet]] = []
    for rank, some in ranks:
        if place and rank < place[0]:
            continue
        if place and rank == place[0]:
            some = some.filter(pk__lt=place[1])
        if len(found) <= limit:
            found += [(rank, made) for made in some.order_by("-pk")[: limit + 1 - len(found)]]
    return found[:limit], len(found) > limit


def _asked(wanted: LedgerFilter, *, any_kind: bool = False) -> QuerySet[ChangeSet]:
    rows = ChangeSet.objects.all()
    if wanted.record:
        rows = rows.filter(pk__in=changes_of(rows_of_records(records_numbered(wanted.record))).values("change_set"))
    if wanted.person:
        rows = rows.filter(actor_name__icontains=wanted.person)
    if wanted.action:
        rows = rows.filter(action__icontains=wanted.action)
    if wanted.since:
        rows = rows.filter(recorded_at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(recorded_at__lt=wanted.until)
    if wanted.kind and not any_kind:
        rows = rows.filter(pk__in=LedgerException.objects.filter(kind=wanted.kind).values("change_set"))
    return rows


def _counts(wanted: LedgerFilter) -> dict[str, int]:
    """Change sets with each kind of exception, in what is asked for."""
    rows = LedgerException.objects.all()
    if (wanted.record, wanted.person, wanted.action, wanted.since, wanted.until) != ("", "", "", None, None):
        rows = rows.filter(change_set__in=_asked(wanted, any_kind=True))
    found = dict(rows.values_list("kind").annotate(number=Count("change_set", distinct=True)))
    return {str(kind): found.get(kind, 0) for kind in ExceptionKind.values}


def records_numbered(number: str) -> list[Record]:
    """Every version of every record of this number that is seen, whatever its kind."""
    plain = Collate(Lower("number"), "C")
    return list(Record.objects.annotate(plain=plain).filter(plain=number.strip().lower()).order_by("pk")[:200])


def rows_of_records(records: Collection[Record]) -> dict[tuple[str, int], int]:
    """The rows (table, row) that these record versions are made of, each with its record: header, detail, the rows that are part of it, its signatures."""
    keys: dict[str, list[int]] = defaultdict(list)
    for record in records:
        keys[record.kind].append(record.pk)
    rows = {(Record._meta.db_table, record.pk): record.pk for record in records}
    for model in regulated_models():
        if issubclass(model, Detail):
            rows |= {(model._meta.db_table, key): key for key in keys.get(model.kind, ())}
        elif issubclass(model, Fact) and model.part_of:
            whole = model._meta.get_field(model.part_of).related_model
            some = keys.get(getattr(whole, "kind", ""), ())
            if some:
                parts = model._base_manager.filter(**{f"{model.part_of}__in": some}).values_list("pk", model.part_of)
                rows |= {(model._meta.db_table, key): record for key, record in parts}
    signed = Signature.objects.filter(record__in=[record.pk for record in records]).values_list("pk", "record")
    return rows | {(Signature._meta.db_table, key): record for key, record in signed}


def changes_of(rows: Collection[tuple[str, int]]) -> QuerySet[RowChange]:
    """Images of these rows (table, row)."""
    keys: dict[str, list[int]] = defaultdict(list)
    for table, key in rows:
        keys[table].append(key)
    wanted = Q(pk__in=[])
    for table, some in keys.items():
        wanted |= Q(table_name=table, row_id__in=some)
    return RowChange.objects.filter(wanted)


def lines_of(made: Sequence[ChangeSet]) -> list[LedgerLine]:
    """These change sets with their rows counted and their exceptions told."""
    keys = [one.pk for one in made]
    counts, reasons = _rows_of(keys), reasons_of(made)
    return [LedgerLine(one, counts.get(one.pk, 0), reasons.get(one.pk, [])) for one in made]


def _rows_of(keys: list[int]) -> dict[int, int]:
    """How many images of each change set are seen, counted to one more than `COUNTED`: an import may have a million."""
    sql = "SELECT k, (SELECT count(*) FROM (SELECT FROM ledger_rowchange r WHERE r.change_set_id = k LIMIT %s) AS counted) FROM unnest(%s::bigint[]) k"
    with connection.cursor() as cursor:
        cursor.execute(sql, [COUNTED + 1, keys])
        return dict(cursor.fetchall())


def reasons_of(made: Sequence[ChangeSet]) -> dict[int, list[tuple[str, str]]]:
    """Why each of these change sets is an exception: (kind, one sentence), by the change set's id. Those that are none are not in it."""
    actions = {one.pk: one.action for one in made}
    rows: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    days: dict[tuple[int, str], int] = {}
    for row in LedgerException.objects.filter(change_set__in=list(actions)).order_by("id"):
        key = (row.change_set_id, row.kind)
        rows[key][row.table_name] = rows[key].get(row.table_name, 0) + row.rows
        days[key] = max(days.get(key, 0), row.days or 0)
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    order = list(ExceptionKind.values)
    for key in sorted(rows, key=lambda key: order.index(key[1])):
        found[key[0]].append((key[1], sentence(key[1], actions[key[0]], rows[key], days[key])))
    return found


def sentence(kind: str, action: str, tables: dict[str, int], days: int) -> str:
    """Why a change set is an exception, in words. `tables`: how many rows of each table; `days`: of late entries, the longest time."""
    number = sum(tables.values())
    what = _listed([f"{rows} {names_of_rows(table, rows)}" for table, rows in tables.items()])
    if kind == ExceptionKind.OVERRIDE:
        return f"A decision was taken in spite of {number} rule{'' if number == 1 else 's'}, with a reason and a second signature."
    if kind == ExceptionKind.VOID:
        return f"{what} {'was' if number == 1 else 'were'} voided: still there to read, and no longer counted."
    if kind == ExceptionKind.LATE:
        most = f"{days} days" if number == 1 else f"up to {days} days"
        return f"{what} {'was' if number == 1 else 'were'} entered {most} after what {'it records' if number == 1 else 'they record'} happened."
    if kind == ExceptionKind.ACCESS:
        return f"Who may see or do what was changed: {what}."
    return f"Whoever asked did not prove who they are ({action})."


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def names_of_rows(table: str, number: int = 2) -> str:
    """What the rows of a table are called, one or several."""
    model = next((one for one in regulated_models() if one._meta.db_table == table), None)
    if model is None:
        return "row" if number == 1 else "rows"
    if model is Record:
        return "record" if number == 1 else "records"
    return str(model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural)


__all__ = [
    "LedgerFilter", "LedgerLine", "LedgerPage", "NotAPlaceInTheLedger", "changes_of", "ledger_page", "lines_of", "names_of_rows", "reasons_of",
    "records_numbered", "rows_of_records", "sentence",
]  # fmt: skip
