"""Which entries are exceptions: declared by the models, found by the database while it captures them, and found again from the images.

A late entry says that what it records happened more than `LATE_AFTER_DAYS` before it was entered. That is a convention of the ledger page, not of any rule.
"""

from __future__ import annotations

from .models import Regulated

LATE_AFTER_DAYS = 7
COLUMNS = "change_set_id, kind, table_name, rows, row_id, days, access, programme_id, scope_site_id"
FIND_REFUSALS_AGAIN = f"""
    INSERT INTO ledger_ledgerexception ({COLUMNS})
    SELECT id, 'refused', '', 0, NULL, NULL, 'whole', programme_id, NULL FROM ledger_changeset WHERE action IN ('sign-in refused', 'signature refused')
"""


def exception_statements(model: type[Regulated]) -> tuple[str, str]:
    """What a table's two capture functions add, after an insert and after an update, to say that rows are exceptions; empty for most tables."""
    columns = {field.column for field in model._meta.concrete_fields}
    added, changed = [], []
    if model.exception:
        added.append(_captured(model, model.exception, "new_rows n"))
        changed.append(_captured(model, model.exception, f"{_both(model)} WHERE n IS DISTINCT FROM o"))
    if model.happened:
        column = model._meta.get_field(model.happened).column  # type: ignore[union-attr]
        days = f"max(extract(day FROM c.recorded_at - n.{column}))::int"
        late = f"c.id = opened AND n.{column} < c.recorded_at - interval '{LATE_AFTER_DAYS} days'"
        added.append(_captured(model, "late", f"new_rows n CROSS JOIN ledger_changeset c WHERE {late}", days))
        moved = f"{_both(model)} CROSS JOIN ledger_changeset c WHERE {late} AND n.{column} IS DISTINCT FROM o.{column}"
        changed.append(_captured(model, "late", moved, days))
    if "voided_at" in columns:
        changed.append(_captured(model, "void", f"{_both(model)} WHERE o.voided_at IS NULL AND n.voided_at IS NOT NULL"))
    return "\n".join(added), "\n".join(changed)


def _key(model: type[Regulated]) -> str:
    return str(model._meta.pk.column)  # type: ignore[union-attr]


def _both(model: type[Regulated]) -> str:
    return f"old_rows o JOIN new_rows n ON n.{_key(model)} = o.{_key(model)}"


def _captured(model: type[Regulated], kind: str, rows: str, days: str = "NULL::int") -> str:
    """One line a kind, scope and statement, however many rows it wrote."""
    columns = {field.column for field in model._meta.concrete_fields}
    access = f"'{model.access.value}'"
    access = f"CASE WHEN n.shared THEN 'shared' ELSE {access} END" if "shared" in columns else access
    programme = "n.programme_id" if "programme_id" in columns else "NULL::bigint"
    site = "n.scope_site_id" if "scope_site_id" in columns else "NULL::bigint"
    return (
        f"INSERT INTO ledger_ledgerexception ({COLUMNS})"
        f" SELECT opened, '{kind}', '{model._meta.db_table}', count(*), min(n.{_key(model)}), {days}, {access}, {programme}, {site}"
        f" FROM {rows} GROUP BY 7, 8, 9;"
    )


def found_again(model: type[Regulated]) -> list[str]:
    """The same from the images of the ledger, for change sets that were captured before exceptions were kept."""
    columns = {field.column for field in model._meta.concrete_fields}
    found = []
    if model.exception:
        found.append(_again(model, model.exception, "true"))
    if model.happened:
        column = model._meta.get_field(model.happened).column  # type: ignore[union-attr]
        at = f"(r.after::json->>'{column}')::timestamptz"
        late = f"{at} < c.recorded_at - interval '{LATE_AFTER_DAYS} days' AND r.before::json->>'{column}' IS DISTINCT FROM r.after::json->>'{column}'"
        found.append(_again(model, "late", late, f"max(extract(day FROM c.recorded_at - {at}))::int"))
    if "voided_at" in columns:
        found.append(_again(model, "void", "r.operation = 'update' AND r.before::json->>'voided_at' IS NULL AND r.after::json->>'voided_at' IS NOT NULL"))
    return found


def _again(model: type[Regulated], kind: str, where: str, days: str = "NULL::int") -> str:
    return (
        f"INSERT INTO ledger_ledgerexception ({COLUMNS})"
        f" SELECT r.change_set_id, '{kind}', r.table_name, count(*), min(r.row_id), {days}, r.access, r.programme_id, r.scope_site_id"
        f" FROM ledger_rowchange r JOIN ledger_changeset c ON c.id = r.change_set_id WHERE r.table_name = '{model._meta.db_table}' AND {where}"
        " GROUP BY r.change_set_id, r.table_name, r.access, r.programme_id, r.scope_site_id"
    )


__all__ = ["FIND_REFUSALS_AGAIN", "LATE_AFTER_DAYS", "exception_statements", "found_again"]
