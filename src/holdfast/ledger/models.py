"""The floor every record stands on: programmes, change sets, images, records, files, signatures.

`Regulated` is the base of every table that a regulation asks us to keep. Being a subclass is all a table
has to do: `ledger.install` gives it its guard, its capture and its row-level policy from `access`.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Collection
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.base import ModelState
from django.db.models.functions import Collate, Lower
from django.db.models.signals import post_init, pre_init


class ExactDecoder(json.JSONDecoder):
    """Numbers in images keep their digits: 0.10 stays 0.10."""

    def __init__(self, **options: Any) -> None:
        super().__init__(parse_float=Decimal, **options)


class ImageField(models.TextField):  # type: ignore[type-arg]
    """The image of a row: the JSON text that PostgreSQL made of it, kept letter by letter because its digest is sealed; read as a dict."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> dict[str, Any] | None:  # noqa: ARG002
        return None if value is None else json.loads(value, cls=ExactDecoder)


class Access(enum.Enum):
    """Who sees a row of a regulated table (who may write it is the context's `policy.py`)."""

    DIRECTORY = "directory"  # every identified person: organisations, sites, persons
    SHARED = "shared"  # every organisation with a grant on the row's programme
    COLLEAGUES = "colleagues"  # the whole programme, or the row is about the viewer's own organisation or one of its people
    WORK = "work"  # the whole programme, or the organisation whose site did the work (`site_id`)
    WHOLE = "whole"  # only who sees the whole programme


class Regulated(models.Model):
    """A table that only a change set may write; every image is kept; no row is ever deleted."""

    access: ClassVar[Access]
    #: field names that identify a row to a person and to an import (may walk: "lot__number")
    natural_key: ClassVar[tuple[str, ...]] = ()
    #: name of the sheet (CSV or YAML file) that brings rows of this table in; None: cannot be imported
    sheet: ClassVar[str | None] = None
    #: name of the field that says when what a row records happened: entered long after it, the row is a late entry
    happened: ClassVar[str | None] = None
    #: kind of exception (`ExceptionKind`) that every change of this table is by itself
    exception: ClassVar[str | None] = None

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any]) -> Self:  # type: ignore[override]
        """A row as it was read. Whole rows are made without Django's own initialiser, which asks every field in turn: gathering makes hundreds a batch."""
        if len(values) != len(cls._meta.concrete_fields) or pre_init.receivers or post_init.receivers:  # somebody listens to the making of rows
            return super().from_db(db, field_names, values)
        row = cls.__new__(cls)
        row.__dict__.update(zip(_attnames(cls), values, strict=True))
        row._state = ModelState()
        row._state.adding, row._state.db = False, db
        return row


@cache
def _attnames(model: type[models.Model]) -> tuple[str, ...]:
    """The attributes of a row, in the order of its columns."""
    return tuple(field.attname for field in model._meta.concrete_fields)


class Programme(Regulated):
    """One development programme: the unit of access."""

    access = Access.SHARED
    natural_key = ("number",)

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    is_fictional = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.number


class Record(Regulated):
    """One *version* of a controlled thing. The thing is (programme, kind, number)."""

    access = Access.WORK

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    scope_site_id = models.BigIntegerField(null=True, editable=False)  # whose work it is: people.Site, which lies above
    shared = models.BooleanField(default=False)  # every grantee of the programme sees it
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=80)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200, blank=True)
    supersedes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    signed_digest = models.CharField(max_length=64, blank=True)  # set once by a signature; freezes the version
    voided_at = models.DateTimeField(null=True)
    void_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "kind", "number", "version"], name="record_version_once"),
            models.CheckConstraint(condition=models.Q(voided_at__isnull=True) | ~models.Q(void_reason=""), name="record_void_has_reason"),
        ]
        indexes = [  # for titles, see migration 0003
            models.Index(Collate(Lower("number"), "C"), "id", name="record_number_search"),
            models.Index("scope_site_id", Collate(Lower("number"), "C"), "id", name="record_site_number_search"),
            models.Index(Collate(Lower("number"), "C"), "id", condition=models.Q(shared=True), name="record_shared_number_search"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} v{self.version}"

    @property
    def is_signed(self) -> bool:
        return bool(self.signed_digest)


class Detail(Regulated):
    """The typed facts of a record version: one-to-one with its header, which carries number and version.

    `programme` and `site_id` repeat the header's so that row-level policies stay plain column comparisons.
    """

    record = models.OneToOneField(Record, primary_key=True, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")

    #: the record kind, e.g. "lot"
    kind: ClassVar[str]
    #: name of the field (a foreign key to people.Site) whose work this is, or None
    work_of: ClassVar[str | None] = None
    scope_site_id = models.BigIntegerField(null=True, editable=False)

    class Meta:
        abstract = True


class Fact(Regulated):
    """A regulated row that is not a record itself: it belongs to one (a result to its test run)."""

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    scope_site_id = models.BigIntegerField(null=True, editable=False)

    #: field whose site (people.Site) did the work; dotted when it is further away ("sample.laboratory")
    work_of: ClassVar[str | None] = None
    #: field that names the record this row is part of: signing that record freezes this row too
    part_of: ClassVar[str | None] = None
    voided_at = models.DateTimeField(null=True, editable=False)
    void_reason = models.TextField(blank=True, editable=False)

    class Meta:
        abstract = True


class Derived(models.Model):
    """A table that is computed from the record and can be computed again: not regulated, and seen as what it was computed from.

    Only the evaluator writes it, beside the database's own functions; `functions` names the package and file (in its folder `sql`) that installs those.
    """

    access: ClassVar[Access]
    functions: ClassVar[tuple[str, str]]

    class Meta:
        abstract = True


class Valid(models.Model):
    """Days on which something held, both included. No end and `until_stated` means open-ended; no end and not stated
    means that nobody recorded one, which is not the same."""

    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    until_stated = models.BooleanField(default=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=models.Q(valid_until__gte=models.F("valid_from")), name="%(class)s_ends_after_it_begins"),
            models.CheckConstraint(condition=models.Q(until_stated=True) | models.Q(valid_until__isnull=True), name="%(class)s_end_not_stated_is_empty"),
        ]


class ChangeSet(models.Model):
    """One thing a person did: every regulated write belongs to exactly one. Written by the database only."""

    id = models.BigAutoField(primary_key=True)
    actor_id = models.BigIntegerField(null=True)  # people.Person, which lies above; null: the operator of the machine
    actor_name = models.CharField(max_length=200)
    action = models.CharField(max_length=80)
    reason = models.TextField()
    programme_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["recorded_at", "id"], name="change_set_recorded")]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor_name}"


class ExceptionKind(models.TextChoices):
    """What a reviewer looks at first: entries that are not simply the next one."""

    OVERRIDE = "override", "Override"
    VOID = "void", "Void"
    LATE = "late", "Late entry"
    ACCESS = "access", "Access change"
    REFUSED = "refused", "Refused identity"


class LedgerException(models.Model):
    """That a change set is an exception, of which kind and in how many rows of a table: found by the database as the rows are captured, and seen as they are.

    Only an index: everything in it follows from the ledger and can be found again (`exceptions.found_again`).
    """

    id = models.BigAutoField(primary_key=True)
    change_set = models.ForeignKey(ChangeSet, on_delete=models.PROTECT, related_name="exceptions", db_constraint=False)
    kind = models.CharField(max_length=10, choices=ExceptionKind)
    table_name = models.CharField(max_length=63, blank=True)
    rows = models.IntegerField()
    row_id = models.BigIntegerField(null=True)  # the first of them
    days = models.IntegerField(null=True)  # of late entries: the longest time between what happened and its entry
    access = models.CharField(max_length=10)
    programme_id = models.BigIntegerField(null=True)
    scope_site_id = models.BigIntegerField(null=True)


class RowChange(models.Model):
    """The image of one row before and after. Append-only, written by the capture trigger only."""

    id = models.BigAutoField(primary_key=True)
    # Only the capture trigger writes here, with the id it has just read: a key constraint and an index of their own would cost a third of a bulk write.
    # The primary key in the database is (change_set_id, id), see migration 0002.
    change_set = models.ForeignKey(ChangeSet, on_delete=models.PROTECT, related_name="row_changes", db_constraint=False, db_index=False)
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    operation = models.CharField(max_length=6)
    before = ImageField(null=True)
    after = ImageField(null=True)
    access = models.CharField(max_length=10)
    programme_id = models.BigIntegerField(null=True)
    scope_site_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["row_id", "table_name"], name="row_change_row")]


class PendingChangeSet(models.Model):
    """A change set that is open (no digest yet; never visible to another transaction) or waits for its place in the tree."""

    change_set = models.OneToOneField(ChangeSet, primary_key=True, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    closes_at_commit = models.BooleanField()
    leaf_hash = models.BinaryField(null=True)
    written_by = models.BigIntegerField(null=True)  # xid8 in the database: the transaction that wrote it

    class Meta:
        indexes = [models.Index(fields=["change_set"], condition=models.Q(leaf_hash__isnull=True), name="pending_open")]


class Leaf(models.Model):
    """The place of a change set in the Merkle tree. Written by the sequencer only."""

    index = models.BigIntegerField(primary_key=True)
    change_set = models.OneToOneField(ChangeSet, on_delete=models.PROTECT, related_name="leaf", db_constraint=False)
    leaf_hash = models.BinaryField()


class TreeNode(models.Model):
    """The hash of a complete subtree above the leaves: written once, never changed."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()


class KeptCheckpoint(models.Model):
    """A signed checkpoint that this installation has issued. Added, never changed; a copy kept elsewhere is what proves anything."""

    id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField(db_index=True)
    root = models.BinaryField()
    issued_at = models.DateTimeField()
    text = models.TextField()  # the signed note


class Search(models.Model):
    """A search that somebody made, kept by the search function itself; nobody else writes here."""

    id = models.BigAutoField(primary_key=True)
    searched_at = models.DateTimeField()
    viewer = models.CharField(max_length=80)  # as the identity names itself: "person:12", "operator"
    wanted = models.CharField(max_length=200)
    kinds = ArrayField(models.CharField(max_length=40))
    found = models.IntegerField()  # how many were shown


class StoredFile(Regulated):
    """A source file kept byte for byte, found by its SHA-256."""

    access = Access.WHOLE
    natural_key = ("sha256",)

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "sha256"], name="stored_file_once")]


class Signature(Regulated):
    """A signature bound to the exact bytes that were signed (21 CFR 11.50, 11.70). Never imported."""

    access = Access.WORK

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    scope_site_id = models.BigIntegerField(null=True, editable=False)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="signatures")
    signer_id = models.BigIntegerField()  # people.Person, which lies above
    printed_name = models.CharField(max_length=200)
    role = models.CharField(max_length=40)
    organisation = models.CharField(max_length=200)
    meaning = models.TextField()
    signed_at = models.DateTimeField()
    digest = models.CharField(max_length=64)  # SHA-256 of exactly what was signed
    content = models.BinaryField()  # exactly what was signed

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(meaning=""), name="signature_has_meaning")]
