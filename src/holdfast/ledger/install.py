"""Give every regulated table its guard, its capture and its row-level policy.

Declared by the models (`Regulated.access`, `part_of`), applied after every migration by the owner of the database, in one
transaction, and checked by `missing()`. See docs/adr/0003 for why this stands in the place of per-model trigger objects.
"""

from __future__ import annotations

import hashlib
from importlib import resources
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections, models, transaction

from .exceptions import FIND_REFUSALS_AGAIN, exception_statements, found_again
from .models import Access, Derived, Detail, Fact, Programme, Record, Regulated, Signature, StoredFile
from .unregulated import UNREGULATED

IDENTIFIED = "(SELECT holdfast_identified())"
PLANNED = "holdfast_planned_by_somebody()"
WHOLE = "((SELECT holdfast_everything()) OR {programme} = ANY ((SELECT holdfast_scope('whole'))::bigint[]))"
PARTIAL = "{programme} = ANY ((SELECT holdfast_scope('partial'))::bigint[])"
OWN_SITE = "{row}scope_site_id = ANY ((SELECT holdfast_scope('sites'))::bigint[])"
DROP_WHAT_HAD_OTHER_PARAMETERS = """
    DROP FUNCTION IF EXISTS holdfast_open_change_set(bigint, text, text, text, bigint), holdfast_close_change_set(bigint),
        holdfast_set_scope(text, boolean, bigint[], bigint[], bigint[]),
        holdfast_set_scope(text, boolean, bigint[], bigint[], bigint[], bigint[])
"""
DROP_WHAT_IS_GONE = "DROP FUNCTION IF EXISTS holdfast_capture_added(), holdfast_capture_changed()"
#: change sets from before there were seals wait for the sequencer like any other; once there is a tree, nothing is added to it this way
QUEUE_WHAT_HAS_NO_PLACE = """
    INSERT INTO ledger_pendingchangeset (change_set_id, closes_at_commit, leaf_hash, written_by)
    SELECT id, false, holdfast_leaf_hash(id), pg_current_xact_id() FROM ledger_changeset
     WHERE NOT EXISTS (SELECT FROM ledger_leaf) AND NOT EXISTS (SELECT FROM ledger_pendingchangeset)
"""


def regulated_models() -> list[type[Regulated]]:
    """Every concrete regulated model, in the order of their tables' names."""
    found = [model for model in apps.get_models() if issubclass(model, Regulated)]
    return sorted(found, key=lambda model: model._meta.db_table)


def primary_key_column(model: type[models.Model]) -> str:
    """Name of the primary key's column: `id`, or `record_id` for a record's detail."""
    return str(model._meta.pk.column)  # type: ignore[union-attr]


def policy_expression(model: type[Regulated | Derived], row: str = "") -> str:
    """The row-level predicate of a table: plain column comparisons, so that indexes still serve. `row` is put before each column (`r.`)."""
    programme = row + ("id" if model is Programme else "programme_id")
    whole, partial, own_site = WHOLE.format(programme=programme), PARTIAL.format(programme=programme), OWN_SITE.format(row=row)
    if model is Record:
        return f"({whole} OR ({partial} AND ({row}shared OR {own_site})))"
    return {
        Access.DIRECTORY: IDENTIFIED,
        Access.SHARED: f"({whole} OR {partial})",
        Access.COLLEAGUES: f"({whole} OR ({partial} AND {_about_own_organisation(model)}))",
        Access.WORK: f"({whole} OR ({partial} AND {own_site}))",
        Access.WHOLE: whole,
    }[model.access]


def _about_own_organisation(model: type[Regulated | Derived]) -> str:
    """Rows about a person of the viewer's organisation, or about the organisation itself."""
    columns = {field.column for field in model._meta.concrete_fields}
    column, part = ("person_id", "colleagues") if "person_id" in columns else ("organisation_id", "organisation")
    return f"{column} = ANY ((SELECT holdfast_scope('{part}'))::bigint[])"


def capture_functions(model: type[Regulated]) -> str:
    """The two capture functions of a table, from the template `sql/capture.sql` and the model's own columns.

    The one detail row of a header may still be added after the header is signed: a decision cannot exist before its signature.
    """
    columns = {f.column for f in model._meta.concrete_fields}
    part_of = ""
    if issubclass(model, Detail):
        part_of = "record_id"
    elif issubclass(model, Fact) and model.part_of:
        part_of = str(model._meta.get_field(model.part_of).column)  # type: ignore[union-attr]
    access = f"'{model.access.value}'"
    added, changed = exception_statements(model)
    filled = {
        "exceptions_added": added,
        "exceptions_changed": changed,
        "table": model._meta.db_table,
        "key": primary_key_column(model),
        "access": f"CASE WHEN n.shared THEN 'shared' ELSE {access} END" if "shared" in columns else access,
        "programme": "n.id" if model is Programme else "n.programme_id" if "programme_id" in columns else "NULL",
        "site": "n.scope_site_id" if "scope_site_id" in columns else "NULL",
        "new_image": image_sql(model, "n"),
        "old_image": image_sql(model, "o"),
        "moved": " OR n.programme_id IS DISTINCT FROM o.programme_id" if "programme_id" in columns else "",
        "may_write_old": write_expression(model, "o."),
        "added_to": _header_check(part_of, "SELECT * FROM new_rows", signed_refused=not issubclass(model, Detail)),
        "changed_of": _header_check(part_of, "SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows", signed_refused=True),
    }
    template = resources.files(__package__).joinpath("sql", "capture.sql").read_text("utf-8")
    for name, value in filled.items():
        template = template.replace(f"«{name}»", value)
    return template


def image_sql(model: type[Regulated], row: str) -> str:
    """SQL for the JSON text of a row. A stored file's bytes are left out: its SHA-256 stands in the image, and they are kept once."""
    if model is not StoredFile:
        return f"to_json({row})::text"
    pairs = ", ".join(f"'{f.column}', {row}.{f.column}" for f in model._meta.concrete_fields if f.column != "content")
    return f"json_build_object({pairs})::text"


def _header_check(part_of: str, rows: str, *, signed_refused: bool) -> str:
    """What a row is part of must be the writer's to write, and not be signed."""
    if not part_of:
        return ""
    touched = f"FROM ({rows}) touched JOIN ledger_record r ON r.id = touched.{part_of}"
    refusals = {
        f"({write_expression(Record, 'r.')}) IS NOT TRUE": ("it would be part of a record that is not yours to write.", "HF011"),
        **({"r.signed_digest <> ''": ("the version is signed. A correction is a new version.", "HF003")} if signed_refused else {}),
    }
    return "\n".join(
        f"IF EXISTS (SELECT {touched} WHERE {refused}) THEN RAISE EXCEPTION '% on % refused: {why}', TG_OP, TG_TABLE_NAME USING ERRCODE = '{state}'; END IF;"
        for refused, (why, state) in refusals.items()
    )


def table_statements(model: type[Regulated], role: str) -> list[str]:
    """The SQL that makes one table regulated. Safe to run again."""
    table, expression = model._meta.db_table, policy_expression(model)
    triggers = {
        "holdfast_guard": "BEFORE INSERT OR UPDATE OR DELETE ON {t} FOR EACH STATEMENT EXECUTE FUNCTION holdfast_guard()",
        "holdfast_added": "AFTER INSERT ON {t} REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION holdfast_added_{name}()",
        "holdfast_changed": "AFTER UPDATE ON {t} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"
        " FOR EACH STATEMENT EXECUTE FUNCTION holdfast_changed_{name}()",
        "holdfast_no_truncate": "BEFORE TRUNCATE ON {t} FOR EACH STATEMENT EXECUTE FUNCTION holdfast_refuse_truncate()",
    }
    if model in (Record, Signature):
        triggers["holdfast_keep_signed"] = "BEFORE UPDATE ON {t} FOR EACH ROW EXECUTE FUNCTION holdfast_keep_signed()"
    return [
        capture_functions(model),
        *(f"CREATE OR REPLACE TRIGGER {name} " + body.format(t=f'"{table}"', name=table) for name, body in triggers.items()),
        *policy_statements(table, expression, role, write_expression(model)),
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO "{role}"',
    ]


def write_expression(model: type[Regulated], row: str = "") -> str:
    """Who may write a row: who may write the whole programme; of work also whose site did it. In the directory, who may write some whole programme.

    Narrower than `policy_expression` in every case: what cannot be seen cannot be written. `row` is the row's alias with its dot.
    """
    whole = "(SELECT holdfast_scope('writable_whole'))::bigint[]"
    if model.access is Access.DIRECTORY:
        return f"((SELECT holdfast_everything()) OR cardinality({whole}) > 0)"
    programme = f"{row}id" if model is Programme else f"{row}programme_id"
    anything = f"(SELECT holdfast_everything()) OR {programme} = ANY ({whole})"
    if model.access is not Access.WORK:
        return f"({anything})"
    own = f"{programme} = ANY ((SELECT holdfast_scope('writable_work'))::bigint[]) AND {OWN_SITE.format(row=row)}"
    return f"({anything} OR ({own}{f' AND NOT {row}shared' if model is Record else ''}))"


def policy_statements(table: str, expression: str, role: str, writing: str = "false") -> list[str]:
    """Row-level security on, with exactly one policy for the application role; `writing` is asked of every row that is written."""
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'DROP POLICY IF EXISTS holdfast_scope ON "{table}"',
        f'CREATE POLICY holdfast_scope ON "{table}" TO "{role}" USING ({PLANNED} AND {expression}) WITH CHECK ({writing})',
    ]


def ledger_statements(role: str) -> list[str]:
    """Policies of the ledger's own tables: the application role reads them and writes none of them."""
    image = (
        f"(({IDENTIFIED} AND access = 'directory') OR {WHOLE.format(programme='programme_id')}"
        f" OR ({PARTIAL.format(programme='programme_id')} AND (access = 'shared' OR (access = 'work' AND {OWN_SITE.format(row='')}))))"
    )
    change_set = (
        "((SELECT holdfast_everything()) OR programme_id = ANY ((SELECT holdfast_scope('whole'))::bigint[])"
        # by an image of the viewer's own work; images of the directory, which everybody sees, do not open what else was done and why
        " OR EXISTS (SELECT FROM ledger_rowchange c WHERE c.change_set_id = ledger_changeset.id AND c.access <> 'directory'))"
    )
    return [
        *policy_statements("ledger_rowchange", image, role),
        *policy_statements("ledger_changeset", change_set, role),
        *policy_statements("ledger_ledgerexception", image, role),
        f'GRANT SELECT ON ledger_changeset, ledger_rowchange, ledger_ledgerexception, ledger_pendingchangeset, ledger_leaf, ledger_treenode TO "{role}"',
        f'GRANT SELECT, INSERT ON ledger_keptcheckpoint TO "{role}"',
        resources.files(__package__).joinpath("sql", "search.sql").read_text("utf-8").replace("«scope»", policy_expression(Record, "r.")),
        *policy_statements("ledger_search", "(SELECT holdfast_everything())", role),
        f'GRANT SELECT ON ledger_search TO "{role}"',
        "DROP TRIGGER IF EXISTS holdfast_closed ON ledger_pendingchangeset",
        "CREATE CONSTRAINT TRIGGER holdfast_closed AFTER INSERT ON ledger_pendingchangeset DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION holdfast_refuse_open_commit()",
        "ALTER TABLE ledger_signature DROP CONSTRAINT IF EXISTS signature_digest_is_of_content",
        "ALTER TABLE ledger_signature ADD CONSTRAINT signature_digest_is_of_content CHECK (digest = encode(sha256(content), 'hex'))",
    ]


def derived_models() -> list[type[Derived]]:
    """Every concrete table that is computed from the record."""
    return sorted((model for model in apps.get_models() if issubclass(model, Derived)), key=lambda model: model._meta.db_table)


def derived_statements(model: type[Derived], role: str) -> list[str]:
    """Functions, policy and grants of a computed table: read as its rows' records are read, written as the evaluator only."""
    table = model._meta.db_table
    package, name = model.functions
    return [
        resources.files(package).joinpath("sql", name).read_text("utf-8"),
        *policy_statements(table, policy_expression(model), role, "current_setting('holdfast.viewer') = 'evaluator'"),
        f'REVOKE ALL ON "{table}" FROM "{role}"',
        f'GRANT SELECT, INSERT, UPDATE ON "{table}" TO "{role}"',
    ]


def unregulated_statements(present: set[str], role: str) -> list[str]:
    """The application role's rights on tables that are not regulated. `django_migrations` stays the owner's."""
    closed = {table for table in UNREGULATED if table.startswith("ledger_")} | {"django_migrations", "release_boardprogress"}
    closed |= {model._meta.db_table for model in derived_models()}
    tables = sorted((present & set(UNREGULATED)) - closed)
    granted = [f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO "{role}"' for table in tables]
    granted += [f'GRANT SELECT ON "{table}" TO "{role}"' for table in present & {"release_boardprogress"}]
    return [*granted, f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"', f'GRANT SELECT ON django_migrations TO "{role}"']


def statements(present: set[str], role: str) -> list[str]:
    """Everything that guards the tables that are `present`, in order, as SQL that may run again."""
    sources = [resources.files(__package__).joinpath("sql", name).read_text("utf-8") for name in ("identity.sql", "seals.sql", "ledger.sql")]
    tables = [statement for model in regulated_models() if model._meta.db_table in present for statement in table_statements(model, role)]
    computed = [statement for model in derived_models() if model._meta.db_table in present for statement in derived_statements(model, role)]
    return [DROP_WHAT_HAD_OTHER_PARAMETERS, *sources, *tables, *computed, *ledger_statements(role), *unregulated_statements(present, role), DROP_WHAT_IS_GONE]


def fingerprint() -> str:
    """SHA-256 of the guards of a complete database: what is installed says which it was made from."""
    present = {model._meta.db_table for model in regulated_models()} | set(UNREGULATED)
    return hashlib.sha256("\0".join(statements(present, settings.DATABASES["default"]["USER"])).encode()).hexdigest()


def is_current(using: str = "default") -> bool:
    """Whether the guards that are installed are those of this version."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regprocedure('holdfast_identified()'), 'pg_proc')")
        return bool(cursor.fetchone()[0] == fingerprint())


def apply(using: str = "owner") -> None:
    """Install functions, triggers, policies and grants on the database behind the alias `using` (the owner's)."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('holdfast.ledger.install'))")
        present = set(connection.introspection.table_names(cursor))
        if "ledger_rowchange" not in present or "people_role" not in present:
            return
        _run(cursor, statements(present, settings.DATABASES["default"]["USER"]))
        cursor.execute(QUEUE_WHAT_HAS_NO_PLACE)
        find_exceptions_again(cursor, present)
        cursor.execute(f"COMMENT ON FUNCTION holdfast_identified() IS '{fingerprint()}'")


def find_exceptions_again(cursor: Any, present: set[str]) -> None:
    """Change sets from before exceptions were kept: found once, from their images. Does nothing where any is known."""
    cursor.execute("SELECT EXISTS (SELECT FROM ledger_ledgerexception) OR NOT EXISTS (SELECT FROM ledger_changeset)")
    if cursor.fetchone()[0]:
        return
    for model in regulated_models():
        if model._meta.db_table in present:
            for statement in found_again(model):
                cursor.execute(statement)
    cursor.execute(FIND_REFUSALS_AGAIN)


def _run(cursor: Any, sql: list[str]) -> None:
    cursor.execute(";\n".join(statement.strip().removesuffix(";") for statement in sql))


NEEDED = ("holdfast_guard", "holdfast_added", "holdfast_changed", "holdfast_no_truncate")
STANDING = """
    SELECT c.relname, c.relrowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'holdfast_scope'),
           ARRAY(SELECT t.tgname FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgenabled IN ('O', 'A'))
      FROM pg_class c WHERE c.relname = ANY(%s) AND c.relkind = 'r'
"""


def missing(using: str = "default") -> list[str]:
    """What a regulated table lacks of its guard, capture or policy, one sentence each; an empty list is good."""
    tables = [model._meta.db_table for model in regulated_models()]
    with connections[using].cursor() as cursor:
        cursor.execute(STANDING, [tables])
        standing = {table: (has_policy, set(triggers)) for table, has_policy, triggers in cursor.fetchall()}
    found = []
    for table in tables:
        has_policy, triggers = standing.get(table, (False, set()))
        found += [f"{table} has no trigger {name}, or it is disabled." for name in NEEDED if name not in triggers]
        found += [] if has_policy else [f"{table} has no row-level policy."]
    return found
