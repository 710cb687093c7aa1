"""Records, their facts and their history, over the wire."""

from __future__ import annotations

from ninja import Schema

from .base import Body, Given, Key, Moment, Paging, Reason, Reference

#: a stored value: text (decimals, dates, moments), a whole number (keys, counts, places), yes or no, or nothing recorded
Value = str | int | bool | None


class ColumnShown(Schema):
    name: str
    type: str
    refers_to: str | None
    choices: list[str]


class TableShown(Schema):
    """A table of the record: what it is called here, and its columns. `part_of` names the column whose record's signature freezes a row."""

    name: str
    record_kind: str | None
    part_of: str | None
    is_imported: bool
    columns: list[ColumnShown]


class RecordHeader(Reference):
    programme_id: int
    title: str
    supersedes_id: int | None
    signed_digest: str
    voided_at: Moment | None
    void_reason: str


class SignatureShown(Schema):
    id: int
    signer_id: int
    printed_name: str
    role: str
    organisation: str
    meaning: str
    signed_at: Moment
    digest: str


class RecordShown(RecordHeader):
    """A record version: its facts by column, its signatures, its other versions. `at` shows facts as the ledger knew them then; null: not there yet."""

    at: Moment | None
    facts: dict[str, Value] | None
    signatures: list[SignatureShown]
    versions: list[Reference]


class FactShown(Schema):
    id: int
    table: str
    values: dict[str, Value]


class Difference(Schema):
    field: str
    before: Value
    after: Value


class HistoryShown(Schema):
    change_set: int
    recorded_at: Moment
    actor: str
    action: str
    reason: str
    table: str
    operation: str
    changes: list[Difference]


class RecordsAsked(Paging):
    programme: Given | None = None
    kind: Given | None = None
    number: Given | None = None


class FactsAsked(Paging):
    """Rows of a programme; `of` a record, through the column `by` (the table's `part_of` without one)."""

    programme: Given | None = None
    by: Given | None = None
    of: Key | None = None


class Void(Body):
    reason: Reason
