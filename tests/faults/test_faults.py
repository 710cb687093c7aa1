"""A sample of the faults that `python -m benchmarks.faults` plays by the hundred."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError

from holdfast.kernel.failpoint import PLACES
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import CLOCK_SET_BACK, Actor, change_set, sqlstate
from holdfast.ledger.models import ChangeSet
from holdfast.project import postgres
from tests.faults import rounds
from tests.faults.worker import PASSWORD
from tests.ledger.tampering import superuser

pytestmark = [pytest.mark.req("3.4")]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A data folder with the demonstration, on a disk that is written for certain (durable)."""
    base = Path("/var/tmp") if os.geteuid() == 0 else Path(tempfile.gettempdir())
    made = Path(tempfile.mkdtemp(prefix="holdfast-faults-", dir=base))
    made.chmod(0o711)
    rounds.prepare(made / "home")
    yield made / "home"
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.parametrize(
    ("place", "victim"),
    [
        ("import sheet stored", "process"),
        ("import before commit", "database"),
        ("decision signed", "process"),
        ("decision committed", "database"),
        ("sealing before commit", "process"),
    ],
)
def test_a_kill_loses_nothing_acknowledged_and_leaves_nothing_half_there(home: Path, place: str, victim: str) -> None:
    number = 1 + PLACES.index(place)
    assert rounds.play(home, home.parent / "journal", place, victim, number) == []


def test_every_named_place_is_met_somewhere_in_the_code() -> None:
    source = Path(rounds.ROOT / "src" / "holdfast")
    text = "".join(path.read_text("utf-8") for path in source.rglob("*.py"))
    assert [place for place in PLACES if f'failpoint("{place}")' not in text] == []


def test_a_clock_that_was_set_back_is_refused_in_words_and_nothing_is_written(server: Any, own_database: str) -> None:
    with change_set(Actor.operator("operator"), action="first", reason="a test"):
        pass
    with superuser(server, own_database) as cursor:
        cursor.execute("UPDATE ledger_changeset SET recorded_at = recorded_at + interval '1 hour'")
    with pytest.raises(DatabaseError, match="The clock says") as refused, change_set(Actor.operator("operator"), action="second", reason="a test"):
        pass
    assert sqlstate(refused.value) == CLOCK_SET_BACK
    with viewing(Viewer.operator()):
        assert ChangeSet.objects.count() == 1


def test_a_clock_that_was_set_back_is_said_on_the_page_and_nothing_is_signed(server: Any, demo: str) -> None:
    from django.test import Client

    from holdfast.batch.models import Lot
    from holdfast.people.models import Account
    from holdfast.release.models import Decision

    with superuser(server, demo) as cursor:
        cursor.execute("UPDATE ledger_changeset SET recorded_at = recorded_at + interval '1 hour' WHERE id = (SELECT max(id) FROM ledger_changeset)")
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.get(email="quinn.adler@example.com"), backend="allauth.account.auth_backends.AuthenticationBackend")
    with viewing(Viewer.operator()):
        lot, before = Lot.objects.get(record__number="DP-26-001").pk, Decision.objects.count()
    answer = client.post(f"/batches/{lot}/decide/us/", {"outcome": "rejected", "password": PASSWORD})
    page = answer.content.decode()
    assert (answer.status_code, "The database cannot work now" in page, "The clock says" in page) == (503, True, True)
    with viewing(Viewer.operator()):
        assert Decision.objects.count() == before


def test_a_clock_that_is_nudged_by_seconds_is_not_refused(server: Any, own_database: str) -> None:
    with change_set(Actor.operator("operator"), action="first", reason="a test"):
        pass
    with superuser(server, own_database) as cursor:
        cursor.execute("UPDATE ledger_changeset SET recorded_at = recorded_at + interval '5 seconds'")
    with change_set(Actor.operator("operator"), action="second", reason="a test"):
        pass
    with viewing(Viewer.operator()):
        assert list(ChangeSet.objects.order_by("id").values_list("action", flat=True)) == ["first", "second"]


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 220 MB, where this machine lets us mount one."""
    place = Path("/var/tmp/holdfast-small-disk")
    place.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=220m,mode=0711", "tmpfs", str(place)], capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("this machine does not let the test mount a small disk (it needs root)")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)
    place.rmdir()


def test_a_full_disk_is_one_sentence_and_what_was_acknowledged_is_there_when_there_is_room_again(small_disk: Path) -> None:
    home, journal = small_disk / "home", Path(tempfile.mkdtemp()) / "journal"
    rounds.prepare(home)
    done = _run(home, "tests.faults.worker", "import", "1")
    journal.write_text(done.stdout)
    filler, big = small_disk / "filler", small_disk.parent / "holdfast-big-import"
    _big_folder(big)
    with postgres.running(home):  # full while it runs, and still full when it would start again
        _fill(filler)
        running = _run(home, "holdfast.cli", "import", str(big))
    stopped = _run(home, "holdfast.cli", "import", str(big))
    unwritten = _run(home, "holdfast.cli", "backup", str(small_disk / "backup.tar"))
    shutil.rmtree(big)
    for refused in (running, stopped, unwritten):
        assert (refused.returncode, len(refused.stderr.strip().splitlines())) == (2, 1), refused.stderr
        assert "disk" in refused.stderr or "No space left" in refused.stderr or "went away" in refused.stderr
    assert [path.name for path in small_disk.iterdir() if "backup" in path.name] == []
    filler.unlink()
    assert rounds.check(home, journal) == []
    again = _run(home, "tests.faults.worker", "import", "2")
    assert again.returncode == 0, again.stderr


def _fill(filler: Path) -> None:
    """What somebody else's log does at night."""
    with contextlib.suppress(OSError), filler.open("wb") as file:
        while True:
            file.write(bytes(1 << 16))
            file.flush()


def _run(home: Path, module: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", module, *words], capture_output=True, text=True, cwd=rounds.ROOT, env=rounds.environment(home), check=False)


def _big_folder(folder: Path) -> None:
    folder.mkdir()
    (folder / "programme.yaml").write_text("number: FHT-201\nname: fernicel, autologous CAR-T (fictional demonstration)\nis_fictional: true\n")
    rows = [f"BIG-{n},{'Fictional ' * 15}{n},supplier,US" for n in range(40_000)]
    (folder / "organisations.csv").write_text("\n".join(["number,name,kind,country", *rows]) + "\n")
