"""Verify the ledger: the tree against the change sets, the images against each other, the live tables against the images.

Digests are computed here, in Python, from plain columns, and not by the database's own functions: whoever could alter a row could alter those too.
What is read is one snapshot, streamed; memory grows with the number of rows (one digest each), not with their size.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connections, transaction

from holdfast.kernel import merkle
from holdfast.kernel.checkpoint import Checkpoint, NotACheckpoint, is_signed_by, read_checkpoint

from .install import missing
from .replay import Images, replay, stream
from .seals import origin_of

MOST = 50  # findings that are listed of each sort: those that name a field, and those that cannot
CHANGE_SETS = (
    "SELECT id, actor_id, actor_name, action, reason, programme_id, to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    " FROM ledger_changeset ORDER BY id"
)
IMAGES = (
    "SELECT change_set_id, id, table_name, row_id, operation, access, programme_id, scope_site_id, before, after"
    " FROM ledger_rowchange ORDER BY change_set_id, id"
)


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written: where, in which field (where one can be named), and what is wrong."""

    place: str
    says: str
    field: str = ""

    def __str__(self) -> str:
        return f"{self.place}{', field ' + self.field if self.field else ''}: {self.says}"


@dataclass
class LedgerReport:
    """What verification found. Without findings the ledger holds, as far as the last line of `proves` says."""

    findings: list[Finding] = field(default_factory=list)
    differences: int = 0  # all of them, listed or not
    change_sets: int = 0
    images: int = 0
    rows: int = 0
    waiting: int = 0
    size: int = 0
    root: str = ""
    proves: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.findings

    @property
    def first(self) -> Finding:
        """The first finding that names a field; where none does, the first."""
        return next((finding for finding in self.findings if finding.field), self.findings[0])

    def find(self, place: str, says: str, field: str = "") -> None:
        self.differences += 1
        if sum(bool(finding.field) == bool(field) for finding in self.findings) < MOST:
            self.findings.append(Finding(place, says, field))


def verify_ledger(checkpoint: Checkpoint | None = None, keys: Sequence[Ed25519PublicKey] = (), using: str = "default") -> LedgerReport:
    """Verify everything that is kept. `checkpoint` is one that was kept elsewhere; `keys` are public keys that may have signed checkpoints.

    Without a checkpoint from elsewhere, somebody who owns the database *and* the installation's key could have rewritten the whole ledger: the report
    says so. Runs as the operator, in one snapshot.
    """
    report = LedgerReport()
    with _snapshot(using) as cursor:
        for gap in missing(using):
            report.find("guards", gap)
        leaves = _leaves(cursor, report)
        images = Images(using)
        _change_sets(using, report, leaves, images)
        _tree(cursor, report, leaves)
        _kept_checkpoints(cursor, report, leaves, keys)
        _given_checkpoint(report, leaves, checkpoint, keys)
        report.rows = replay(using, images, report.find)
    return report


@contextmanager
def _snapshot(using: str) -> Iterator[Any]:
    """One snapshot, as the operator. A transaction that is already open is used as it is."""
    is_first = not connections[using].in_atomic_block
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        if is_first:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT holdfast_identify_operator()")
        yield cursor


@dataclass
class Leaves:
    """The tree as stored: leaf hashes in order, and where each change set stands (or waits)."""

    hashes: list[bytes] = field(default_factory=list)
    place: dict[int, int] = field(default_factory=dict)
    waiting: dict[int, bytes] = field(default_factory=dict)

    @cached_property
    def levels(self) -> list[list[bytes]]:
        """Every complete subtree, hashed again from the leaves."""
        return merkle.complete_levels(self.hashes)

    def root(self, size: int) -> bytes:
        """Root of the first `size` leaves: complete subtrees do not change when a tree grows, so that every size is read from the same ones."""
        return merkle.root_hash(size, lambda level, index: self.levels[level][index])

    @property
    def origin(self) -> str:
        """The ledger's name in its checkpoints; empty while it has no leaf."""
        return origin_of(self.hashes[0]) if self.hashes else ""


def _leaves(cursor: Any, report: LedgerReport) -> Leaves:
    leaves = Leaves()
    cursor.execute("SELECT index, change_set_id, leaf_hash FROM ledger_leaf ORDER BY index")
    for expected, (index, change_set, hashed) in enumerate(cursor.fetchall()):
        if index != expected:
            report.find("tree", f"leaf {expected} is missing")
            break
        leaves.hashes.append(bytes(hashed))
        leaves.place[change_set] = index
    cursor.execute("SELECT change_set_id, leaf_hash FROM ledger_pendingchangeset")
    leaves.waiting = {change_set: bytes(hashed or b"") for change_set, hashed in cursor.fetchall()}
    report.waiting, report.size = len(leaves.waiting), len(leaves.hashes)
    return leaves


def _change_sets(using: str, report: LedgerReport, leaves: Leaves, images: Images) -> None:
    """Every change set hashed again from its own columns and images, and looked up in the tree."""
    rows = stream(using, IMAGES)
    ahead = next(rows, None)
    seen: set[int] = set()
    for made in stream(using, CHANGE_SETS):
        digests, number = hashlib.sha256(), 0
        while ahead is not None and ahead[0] <= made[0]:
            if ahead[0] < made[0]:
                report.find(_image_place(ahead), f"it belongs to change set {ahead[0]}, which does not exist")
            else:
                digests.update(hashlib.sha256(_image_text(ahead)).digest())
                number += 1
                images.take(ahead, report.find)
            ahead = next(rows, None)
        seen.add(made[0])
        report.change_sets, report.images = report.change_sets + 1, report.images + number
        _compare(report, leaves, made, merkle.leaf_hash(_statement(made, number, digests.hexdigest()).encode()))
    while ahead is not None:
        report.find(_image_place(ahead), f"it belongs to change set {ahead[0]}, which does not exist")
        ahead = next(rows, None)
    for change_set in [*leaves.place, *leaves.waiting]:
        if change_set not in seen:
            report.find(f"change set {change_set}", "it has a place in the tree and is no longer there")


def _compare(report: LedgerReport, leaves: Leaves, made: tuple[Any, ...], computed: bytes) -> None:
    place = f"change set {made[0]} ({made[3]}, by {made[2]}, {made[6]})"
    if made[0] in leaves.place:
        stored = leaves.hashes[leaves.place[made[0]]]
    elif made[0] in leaves.waiting:
        stored = leaves.waiting[made[0]]
    else:
        report.find(place, "it is neither in the tree nor waiting for its place: it was not written through the ledger")
        return
    if stored != computed:
        report.find(place, "its actor, action, reason, moment or one of its images is not what was sealed")


def _statement(made: tuple[Any, ...], number: int, digest: str) -> str:
    """The leaf's text, as PostgreSQL writes a jsonb object: keys by length, then by letter."""
    identity, actor, actor_name, action, reason, programme, recorded_at = made
    values = {
        "id": identity,
        "actor": actor,
        "action": action,
        "format": "holdfast-change-set/1",
        "images": number,
        "reason": reason,
        "programme": programme,
        "actor_name": actor_name,
        "recorded_at": recorded_at,
        "images_digest": digest,
    }
    return json.dumps(values, ensure_ascii=False)


def _image_text(row: tuple[Any, ...]) -> bytes:
    _, identity, table, key, operation, access, programme, site, before, after = row
    text = (
        f"{identity}|{table}|{key}|{operation}|{access}|{'' if programme is None else programme}|{'' if site is None else site}|{before or ''}\n{after or ''}"
    )
    return text.encode()


def _image_place(row: tuple[Any, ...]) -> str:
    return f"image {row[1]} of {row[2]} row {row[3]}"


def _tree(cursor: Any, report: LedgerReport, leaves: Leaves) -> None:
    """The stored nodes against the stored leaves."""
    wanted = {(level, index): value for level, row in enumerate(leaves.levels) if level for index, value in enumerate(row)}
    cursor.execute("SELECT level, index, hash FROM ledger_treenode ORDER BY level, index")
    for level, index, hashed in cursor.fetchall():
        if wanted.pop((level, index), None) != bytes(hashed):
            report.find(f"tree node {level}/{index}", "it is not the hash of the leaves below it")
    for level, index in wanted:
        report.find(f"tree node {level}/{index}", "it is missing")
    report.root = leaves.root(len(leaves.hashes)).hex()


def _kept_checkpoints(cursor: Any, report: LedgerReport, leaves: Leaves, keys: Sequence[Ed25519PublicKey]) -> None:
    cursor.execute("SELECT size, root, text FROM ledger_keptcheckpoint ORDER BY size")
    for kept_size, kept_root, text in cursor.fetchall():
        place = f"kept checkpoint of {kept_size}"
        try:
            found = read_checkpoint(text)
        except NotACheckpoint as error:
            report.find(place, str(error))
            continue
        if (found.size, found.root) != (kept_size, bytes(kept_root)):
            report.find(place, "its columns are not what was signed")
        _check(report, place, leaves, found, keys)


def _check(report: LedgerReport, place: str, leaves: Leaves, found: Checkpoint, keys: Iterable[Ed25519PublicKey]) -> bool:
    """One checkpoint against the tree and the keys; says what does not hold."""
    before = report.differences
    if not any(is_signed_by(found, key) for key in keys):
        report.find(place, "none of the public keys given has signed it")
    if found.size > len(leaves.hashes):
        report.find(place, f"it covers {found.size} change sets and the ledger holds {len(leaves.hashes)}: some are missing")
    elif leaves.root(found.size) != found.root:
        other = "" if found.origin == leaves.origin else f", or it is of another ledger ({found.origin}; this one is {leaves.origin})"
        report.find(place, f"the tree of that size has another root: what it covered was rewritten{other}")
    return report.differences == before


def _given_checkpoint(report: LedgerReport, leaves: Leaves, checkpoint: Checkpoint | None, keys: Sequence[Ed25519PublicKey]) -> None:
    if checkpoint is None:
        report.proves.append(
            "No checkpoint from elsewhere was given: this shows that the record agrees with its own ledger, not that nobody with the database and"
            " its key rewrote both. Give one with --checkpoint."
        )
    elif _check(report, f"checkpoint of {checkpoint.size} given", leaves, checkpoint, keys):
        report.proves.append(f"The first {checkpoint.size} change sets are those of the checkpoint issued {checkpoint.issued_at:%Y-%m-%d %H:%M} UTC.")
