"""Random tamperings with the record, each by a superuser with triggers off: how many `ledger verify` finds. The answer must be all.

Run: `python -m benchmarks.tamperings [NUMBER]` (default 300; the full run is 10000). Prints the seed, and every tampering that was not found.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SEED = 20261124
Alter = Callable[[Any, random.Random], str]


def main(words: list[str]) -> int:
    """Alter, verify, roll back; again and again."""
    number = int(words[0]) if words else 300
    from .open import empty

    with empty() as server:
        from tests.ledger.tampering import ALIAS, superuser, undone

        from holdfast.dossier.package import public_keys
        from holdfast.ledger.seals import issue_checkpoint
        from holdfast.ledger.verification import verify_ledger

        keys = server.home.keys
        _a_small_history()
        elsewhere = issue_checkpoint(Path(keys))
        chance, missed, began = random.Random(SEED), 0, time.perf_counter()
        with superuser(server, "holdfast") as cursor:
            cursor.execute("SELECT setseed(%s)", [chance.random()])  # so that the rows picked are the same in every run too
            for index in range(number):
                with undone():
                    said = _alter(cursor, chance)
                    if verify_ledger(elsewhere, public_keys(Path(keys)), using=ALIAS).holds:
                        missed += 1
                        print(f"NOT FOUND ({index}): {said}")
        taken = time.perf_counter() - began
    print(f"{number} random tamperings (seed {SEED}): {number - missed} found, {missed} missed; {taken / number * 1000:.0f} ms each")
    return 1 if missed else 0


def _alter(cursor: Any, chance: random.Random) -> str:
    """One tampering that the tables' own constraints let through."""
    from django.db import IntegrityError, transaction
    from tests.ledger.tampering import ALIAS

    while True:
        try:
            with transaction.atomic(using=ALIAS):
                return chance.choice(ALTERATIONS)(cursor, chance)
        except IntegrityError:
            continue


def _a_small_history() -> None:
    """A programme's worth of organisations, people and sites, added and changed in some forty change sets."""
    from holdfast.ledger.changes import Actor, change_set
    from holdfast.people.models import Organisation, Person

    for n in range(20):
        with change_set(Actor.operator(f"operator {n % 3}"), action="add organisation", reason=f"number {n}"):
            made = Organisation.objects.create(number=f"ORG-{n:03}", name=f"Fictional {n}", kind="supplier", country="US")
            Person.objects.bulk_create([Person(number=f"PER-{n:03}-{p}", printed_name=f"Fictional Person {p}", organisation=made) for p in range(3)])
        with change_set(Actor.operator("operator"), action="rename organisation", reason=f"renamed {n}"):
            Organisation.objects.filter(pk=made.pk).update(name=f"Renamed {n}")


def _one(cursor: Any, table: str, columns: str = "*") -> tuple[Any, ...]:
    cursor.execute(f"SELECT {columns} FROM {table} ORDER BY random() LIMIT 1")
    return tuple(cursor.fetchone())


def _flip(text: str, chance: random.Random) -> str:
    """One character replaced by another."""
    place = chance.randrange(len(text))
    other = chance.choice([c for c in "abcdefghijklmnopqrstuvwxyz0123456789" if c != text[place]])
    return text[:place] + other + text[place + 1 :]


def live_value(cursor: Any, chance: random.Random) -> str:
    """A character of a live cell."""
    table, column = chance.choice(
        [("people_organisation", "name"), ("people_organisation", "number"), ("people_person", "printed_name"), ("people_person", "number")]
    )
    key, text = _one(cursor, table, f"id, {column}")
    other = _flip(text, chance)
    cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [other, key])
    return f"{table}.{column} of {key}: {text} to {other}"


def live_row(cursor: Any, chance: random.Random) -> str:
    """A live row gone, with or without its images."""
    (key,) = _one(cursor, "people_person", "id")
    cursor.execute("DELETE FROM people_person WHERE id = %s", [key])
    if chance.random() < 0.5:
        cursor.execute("DELETE FROM ledger_rowchange WHERE table_name = 'people_person' AND row_id = %s", [key])
    return f"person {key} deleted"


def image(cursor: Any, chance: random.Random) -> str:
    """A character of an image, anywhere in it."""
    side = chance.choice(["before", "after"])
    key, text = _one(cursor, f"(SELECT id, {side} FROM ledger_rowchange WHERE {side} IS NOT NULL) i")
    cursor.execute(f"UPDATE ledger_rowchange SET {side} = %s WHERE id = %s", [_flip(text, chance), key])
    return f"image {key} {side}"


def image_column(cursor: Any, chance: random.Random) -> str:
    """An image that says it is of another row, another kind of change, or another change set; or one that is gone."""
    (key,) = _one(cursor, "ledger_rowchange", "id")
    sql = chance.choice(
        [
            "UPDATE ledger_rowchange SET row_id = row_id + 100000 WHERE id = %s",
            "UPDATE ledger_rowchange SET operation = CASE operation WHEN 'insert' THEN 'update' ELSE 'insert' END WHERE id = %s",
            "UPDATE ledger_rowchange SET change_set_id = change_set_id + 1 WHERE id = %s",
            "UPDATE ledger_rowchange SET access = CASE access WHEN 'shared' THEN 'whole' ELSE 'shared' END WHERE id = %s",
            "UPDATE ledger_rowchange SET programme_id = 7 WHERE id = %s",
            "DELETE FROM ledger_rowchange WHERE id = %s",
        ]
    )
    cursor.execute(sql, [key])
    return f"{sql} ({key})"


def statement(cursor: Any, chance: random.Random) -> str:
    """Who, what, why or when of a change set."""
    (key,) = _one(cursor, "ledger_changeset", "id")
    sql = chance.choice(
        [
            "UPDATE ledger_changeset SET actor_name = actor_name || ' ' WHERE id = %s",
            "UPDATE ledger_changeset SET actor_id = 5 WHERE id = %s",
            "UPDATE ledger_changeset SET reason = upper(reason) || '.' WHERE id = %s",
            "UPDATE ledger_changeset SET action = 'other' WHERE id = %s",
            "UPDATE ledger_changeset SET programme_id = 1 WHERE id = %s",
            f"UPDATE ledger_changeset SET recorded_at = recorded_at + interval '{chance.randrange(1, 10**9)} microseconds' WHERE id = %s",
            "DELETE FROM ledger_changeset WHERE id = %s",
        ]
    )
    cursor.execute(sql, [key])
    return f"{sql} ({key})"


def tree(cursor: Any, chance: random.Random) -> str:
    """A leaf or a node: another hash, gone, or two in each other's place."""
    (key,) = _one(cursor, "ledger_leaf", "index")
    level, index = _one(cursor, "ledger_treenode", "level, index")
    sql, values = chance.choice(
        [
            ("UPDATE ledger_leaf SET leaf_hash = sha256(leaf_hash) WHERE index = %s", [key]),
            ("DELETE FROM ledger_leaf WHERE index = %s", [key]),
            ("UPDATE ledger_treenode SET hash = sha256(hash) WHERE level = %s AND index = %s", [level, index]),
            ("DELETE FROM ledger_treenode WHERE level = %s AND index = %s", [level, index]),
            ("UPDATE ledger_leaf SET change_set_id = change_set_id + 100000 WHERE index = %s", [key]),
        ]
    )
    cursor.execute(sql, values)
    return f"{sql} {values}"


def name_everywhere(cursor: Any, chance: random.Random) -> str:
    """A name, in its live row and in its images alike."""
    key, name = _one(cursor, "people_organisation", "id, name")
    other = _flip(name, chance)
    cursor.execute("UPDATE people_organisation SET name = %s WHERE id = %s", [other, key])
    cursor.execute(
        "UPDATE ledger_rowchange SET after = replace(after, %s, %s) WHERE table_name = 'people_organisation' AND row_id = %s AND operation = 'update'",
        [f'"{name}"', f'"{other}"', key],
    )
    return f"organisation {key}: {name} to {other}, live and in its images"


def everything(cursor: Any, chance: random.Random) -> str:
    """Any of them, and then the tree and its checkpoints made to agree and signed with the local key: found only against the checkpoint kept elsewhere."""
    from django.conf import settings
    from tests.ledger.tampering import rewrite_the_ledger

    said = chance.choice([name_everywhere, name_everywhere, image, image_column, statement])(cursor, chance)
    rewrite_the_ledger(cursor, Path(settings.HOLDFAST_KEYS))
    return f"{said}; and the tree rewritten and signed"


ALTERATIONS: list[Alter] = [live_value, live_row, image, image, image_column, statement, tree, name_everywhere, everything]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
