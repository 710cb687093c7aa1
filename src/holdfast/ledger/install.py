"""Give every regulated table its guard, its capture and its row-level policy.

Declared by the models (`Regulated.access`, `part_of`), applied after every migration by the owner of the database, in one
transaction, and checked by `missing()`. See docs/adr/0003 for why this stands in the place of per-model trigger objects.
"""

from __future__ import annotations

from importlib import resources
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections, models, transaction

from .models import Access, Detail, Fact, Programme, Record, Regulated, Signature, StoredFile
from .unregulated import UNREGULATED

IDENTIFIED = "(SELECT holdfast_identified())"
WHOLE = "((SELECT holdfast_everything()) OR {programme} = ANY ((SELECT holdfast_scope('whole'))::bigint[]))"
PARTIAL = "{programme} = ANY ((SELECT holdfast_scope('partial'))::bigint[])"
OWN_SITE = "scope_site_id = ANY ((SELECT holdfast_scope('sites'))::bigint[])"


def regulated_models() -> list[type[Regulated]]:
    """Every concrete regulated model, in the order of their tables' names."""
    found = [model for model in apps.get_models() if issubclass(model, Regulated)]
    return sorted(found, key=lambda model: model._meta.db_table)


def primary_key_column(model: type[models.Model]) -> str:
    """Name of the primary key's column: `id`, or `record_id` for a record's detail."""
    return str(model._meta.pk.column)  # type: ignore[union-attr]


def policy_expression(model: type[Regulated]) -> str:
    """The row-level predicate of a table: plain column comparisons, so that indexes still serve."""
    programme = "id" if model is Programme else "programme_id"
    whole, partial = WHOLE.format(programme=programme), PARTIAL.format(programme=programme)
    if model is Record:
        return f"({whole} OR ({partial} AND (shared OR {OWN_SITE})))"
    return {
        Access.DIRECTORY: IDENTIFIED,
        Access.SHARED: f"({whole} OR {partial})",
        Access.WORK: f"({whole} OR ({partial} AND {OWN_SITE}))",
        Access.WHOLE: whole,
    }[model.access]


def capture_arguments(model: type[Regulated], *, adding: bool) -> str:
    """Arguments of the capture trigger, quoted: key column, access, column of the record it is part of, column left out.

    The one detail row of a header may still be added after the header is signed: a decision cannot exist before its signature.
    """
    part_of = ""
    if issubclass(model, Detail):
        part_of = "" if adding else "record_id"
    elif issubclass(model, Fact) and model.part_of:
        part_of = str(model._meta.get_field(model.part_of).column)  # type: ignore[union-attr]
    left_out = "content" if model is StoredFile else ""  # its SHA-256 stands in the image; the bytes are kept once
    return ", ".join(f"'{value}'" for value in (primary_key_column(model), model.access.value, part_of, left_out))


def table_statements(model: type[Regulated], role: str) -> list[str]:
    """The SQL that makes one table regulated. Safe to run again."""
    table, expression = model._meta.db_table, policy_expression(model)
    added, changed = capture_arguments(model, adding=True), capture_arguments(model, adding=False)
    triggers = {
        "holdfast_guard": "BEFORE INSERT OR UPDATE OR DELETE ON {t} FOR EACH STATEMENT EXECUTE FUNCTION holdfast_guard()",
        "holdfast_added": "AFTER INSERT ON {t} REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION holdfast_capture_added({added})",
        "holdfast_changed": "AFTER UPDATE ON {t} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"
        " FOR EACH STATEMENT EXECUTE FUNCTION holdfast_capture_changed({changed})",
        "holdfast_no_truncate": "BEFORE TRUNCATE ON {t} FOR EACH STATEMENT EXECUTE FUNCTION holdfast_refuse_truncate()",
    }
    if model in (Record, Signature):
        triggers["holdfast_keep_signed"] = "BEFORE UPDATE ON {t} FOR EACH ROW EXECUTE FUNCTION holdfast_keep_signed()"
    statements = [f"CREATE OR REPLACE TRIGGER {name} " + body.format(t=f'"{table}"', added=added, changed=changed) for name, body in triggers.items()]
    return [
        *statements,
        *policy_statements(table, expression, role),
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO "{role}"',
    ]


def policy_statements(table: str, expression: str, role: str) -> list[str]:
    """Row-level security on, with exactly one policy for the application role."""
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'DROP POLICY IF EXISTS holdfast_scope ON "{table}"',
        f'CREATE POLICY holdfast_scope ON "{table}" TO "{role}" USING ({expression}) WITH CHECK ({expression})',
    ]


def ledger_statements(role: str) -> list[str]:
    """Policies of the ledger's own tables: the application role reads them and writes none of them."""
    image = (
        f"(({IDENTIFIED} AND access = 'directory') OR {WHOLE.format(programme='programme_id')}"
        f" OR ({PARTIAL.format(programme='programme_id')} AND (access = 'shared' OR (access = 'work' AND {OWN_SITE}))))"
    )
    change_set = (
        "((SELECT holdfast_everything()) OR programme_id = ANY ((SELECT holdfast_scope('whole'))::bigint[])"
        " OR EXISTS (SELECT FROM ledger_rowchange c WHERE c.change_set_id = ledger_changeset.id))"
    )
    return [
        *policy_statements("ledger_rowchange", image, role),
        *policy_statements("ledger_changeset", change_set, role),
        f'GRANT SELECT ON ledger_changeset, ledger_rowchange TO "{role}"',
        "DROP TRIGGER IF EXISTS holdfast_closed ON ledger_openchangeset",
        "CREATE CONSTRAINT TRIGGER holdfast_closed AFTER INSERT ON ledger_openchangeset DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION holdfast_refuse_open_commit()",
        "ALTER TABLE ledger_signature DROP CONSTRAINT IF EXISTS signature_digest_is_of_content",
        "ALTER TABLE ledger_signature ADD CONSTRAINT signature_digest_is_of_content CHECK (digest = encode(sha256(content), 'hex'))",
    ]


def unregulated_statements(present: set[str], role: str) -> list[str]:
    """The application role's rights on tables that are not regulated. `django_migrations` stays the owner's."""
    closed = {"ledger_changeset", "ledger_rowchange", "ledger_openchangeset", "django_migrations"}
    tables = sorted((present & set(UNREGULATED)) - closed)
    granted = [f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO "{role}"' for table in tables]
    return [*granted, f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"', f'GRANT SELECT ON django_migrations TO "{role}"']


def apply(using: str = "owner") -> None:
    """Install functions, triggers, policies and grants on the database behind the alias `using` (the owner's)."""
    role = settings.DATABASES["default"]["USER"]
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('holdfast.ledger.install'))")
        present = set(connection.introspection.table_names(cursor))
        if "ledger_rowchange" not in present or "people_role" not in present:
            return
        for name in ("identity.sql", "ledger.sql"):
            cursor.execute(resources.files(__package__).joinpath("sql", name).read_text("utf-8"))
        for model in regulated_models():
            if model._meta.db_table in present:
                _run(cursor, table_statements(model, role))
        _run(cursor, ledger_statements(role))
        _run(cursor, unregulated_statements(present, role))


def _run(cursor: Any, statements: list[str]) -> None:
    cursor.execute(";\n".join(statements))


def missing(using: str = "default") -> list[str]:
    """What a regulated table lacks of its guard, capture or policy, one sentence each; an empty list is good."""
    needed = ("holdfast_guard", "holdfast_added", "holdfast_changed", "holdfast_no_truncate")
    found = []
    with connections[using].cursor() as cursor:
        for model in regulated_models():
            table = model._meta.db_table
            cursor.execute("SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relname = %s AND t.tgenabled IN ('O', 'A')", [table])
            names = {row[0] for row in cursor.fetchall()}
            found += [f"{table} has no trigger {name}, or it is disabled." for name in needed if name not in names]
            cursor.execute(
                "SELECT c.relrowsecurity, EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'holdfast_scope')"
                " FROM pg_class c WHERE c.relname = %s",
                [table],
            )
            row = cursor.fetchone()
            if row is None or not all(row):
                found.append(f"{table} has no row-level policy.")
    return found
