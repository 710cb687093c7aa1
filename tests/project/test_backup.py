"""A backup brings everything back into an empty data folder, or says in one sentence why not, and then changes nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from holdfast.project.binaries import programs
from holdfast.project.postgres import APPLICATION, OWNER, SUPERUSER
from tests.conftest import drop_database, make_database

from .conftest import Command, environment

pytestmark = [pytest.mark.req("3.4")]


@pytest.fixture(scope="module")
def made_once() -> Iterator[Path]:
    """A data folder with two organisations in it, and its backup, made once: no test of this module alters what they hold."""
    folder = Path(tempfile.mkdtemp(prefix="holdfast-test-", dir="/var/tmp" if os.geteuid() == 0 else None))
    folder.chmod(0o711)
    source, home = folder / "source", folder / "home"
    source.mkdir()
    (source / "programme.yaml").write_text("number: FT-1\nname: Fictional programme\nis_fictional: true\n")
    (source / "organisations.csv").write_text("number,name,kind,country\nORG-1,Fictional One,sponsor,US\nORG-2,Fictional Two,cdmo,DE\n")
    for words in (("import", str(source)), ("backup", str(folder / "backup.tar"))):
        subprocess.run([sys.executable, "-m", "holdfast.cli", *words], check=True, capture_output=True, env=environment(HOLDFAST_HOME=str(home)))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def backed_up(made_once: Path, folder: Path) -> tuple[Path, Path]:
    """The data folder, and a copy of its backup and sources for this test."""
    shutil.copytree(made_once / "source", folder / "source")
    shutil.copy2(made_once / "backup.tar", folder / "backup.tar")
    return made_once / "home", folder / "backup.tar"


def test_a_restored_installation_has_the_same_ledger_keys_and_tree(backed_up: tuple[Path, Path], folder: Path, command: Command) -> None:
    home, file = backed_up
    again = folder / "again"
    done = command("restore", str(file), HOLDFAST_HOME=str(again))
    assert done.returncode == 0, done.stderr
    assert "Everything holds." in done.stdout
    roots = [line for line in command("ledger", "verify", HOLDFAST_HOME=str(home)).stdout.splitlines() if line.startswith("Root")]
    assert roots[0] in command("ledger", "verify", HOLDFAST_HOME=str(again)).stdout
    assert (again / "keys" / "export-key.pem").read_bytes() == (home / "keys" / "export-key.pem").read_bytes()
    assert (again / "keys" / "export-key.pem").stat().st_mode & 0o077 == 0
    assert file.stat().st_mode & 0o077 == 0


def test_a_restored_installation_goes_on_and_its_ledger_grows_from_where_it_was(backed_up: tuple[Path, Path], folder: Path, command: Command) -> None:
    home, file = backed_up
    again, checkpoint = folder / "again", folder / "elsewhere.txt"
    assert command("ledger", "checkpoint", str(checkpoint), HOLDFAST_HOME=str(home)).returncode == 0
    assert command("restore", str(file), HOLDFAST_HOME=str(again)).returncode == 0
    (folder / "source" / "organisations.csv").write_text("number,name,kind,country\nORG-3,Fictional Three,supplier,FR\n")
    assert command("import", str(folder / "source"), HOLDFAST_HOME=str(again)).returncode == 0
    done = command("ledger", "verify", "--checkpoint", str(checkpoint), HOLDFAST_HOME=str(again))
    assert (done.returncode, "Everything holds." in done.stdout) == (0, True)


def test_a_restore_into_a_folder_that_is_in_use_is_refused(backed_up: tuple[Path, Path], command: Command) -> None:
    home, file = backed_up
    before = (home / "database.json").read_bytes()
    done = command("restore", str(file), HOLDFAST_HOME=str(home))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "is not empty" in done.stderr
    assert (home / "database.json").read_bytes() == before


def test_a_damaged_backup_is_refused_before_anything_is_made(backed_up: tuple[Path, Path], folder: Path, command: Command) -> None:
    _, file = backed_up
    content = bytearray(file.read_bytes())
    with tarfile.open(file) as archive:
        place = archive.getmember("database.dump").offset_data + 100
    content[place] ^= 1
    file.write_bytes(content)
    done = command("restore", str(file), HOLDFAST_HOME=str(folder / "again"))
    assert (done.returncode, done.stderr.strip()) == (2, f"{file} is damaged: database.dump is not what the manifest says.")
    assert not (folder / "again").exists()


@pytest.mark.parametrize("part", ["head", "half", "all but the last member"])
def test_a_backup_cut_short_is_refused_before_anything_is_made(backed_up: tuple[Path, Path], folder: Path, command: Command, part: str) -> None:
    _, file = backed_up
    content = file.read_bytes()
    with tarfile.open(file) as archive:
        last = archive.getmembers()[-1]
    file.write_bytes(content[: {"head": 700, "half": len(content) // 2, "all but the last member": last.offset}[part]])
    done = command("restore", str(file), HOLDFAST_HOME=str(folder / "again"))
    assert (done.returncode, done.stderr.count("\n"), "damaged" in done.stderr) == (2, 1, True)
    assert not (folder / "again").exists()


@pytest.mark.parametrize("name", ["keys/export-key.pem", "checkpoint.txt", "manifest.json"])
def test_an_alteration_of_any_member_is_refused_before_anything_is_made(backed_up: tuple[Path, Path], folder: Path, command: Command, name: str) -> None:
    _, file = backed_up
    content = bytearray(file.read_bytes())
    with tarfile.open(file) as archive:
        content[archive.getmember(name).offset_data + 30] ^= 1
    file.write_bytes(content)
    done = command("restore", str(file), HOLDFAST_HOME=str(folder / "again"))
    assert (done.returncode, done.stderr.count("\n"), "damaged" in done.stderr) == (2, 1, True), done.stderr
    assert not (folder / "again").exists()


def test_a_restore_into_a_folder_with_anything_in_it_is_refused_and_leaves_it_alone(backed_up: tuple[Path, Path], folder: Path, command: Command) -> None:
    _, file = backed_up
    again = folder / "again"
    again.mkdir(mode=0o711)
    (again / "letters.txt").write_text("not ours")
    done = command("restore", str(file), HOLDFAST_HOME=str(again))
    assert (done.returncode, "is not empty" in done.stderr, [path.name for path in again.iterdir()]) == (2, True, ["letters.txt"])


def test_a_backup_that_cannot_be_written_is_one_sentence_and_leaves_nothing(backed_up: tuple[Path, Path], folder: Path, command: Command) -> None:
    home, _ = backed_up
    done = command("backup", str(folder / "nowhere" / "backup.tar"), HOLDFAST_HOME=str(home))
    assert (done.returncode, done.stderr) == (2, f"There is no folder {folder / 'nowhere'}.\n")
    full = Path("/dev/full")
    if full.exists():
        assert "is there already" in command("backup", str(full), HOLDFAST_HOME=str(home)).stderr


def test_a_backup_made_while_somebody_writes_is_of_one_moment(backed_up: tuple[Path, Path], folder: Path, command: Command) -> None:
    _, file = backed_up
    home = folder / "home"
    assert command("restore", str(file), HOLDFAST_HOME=str(home)).returncode == 0
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER], env=environment(HOLDFAST_HOME=str(home)), stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        done = command("backup", str(folder / "busy.tar"), HOLDFAST_HOME=str(home))
    finally:
        written, _ = writer.communicate("stop\n", timeout=60)
    assert done.returncode == 0, done.stderr
    assert int(written) > 5
    restored = command("restore", str(folder / "busy.tar"), HOLDFAST_HOME=str(folder / "again"))
    assert (restored.returncode, "Everything holds." in restored.stdout) == (0, True), restored.stdout + restored.stderr
    assert command("ledger", "verify", HOLDFAST_HOME=str(home)).returncode == 0


#: writes until a line comes in: one organisation and one site a change set, so that a half would show
WRITER = """
import select, sys
from holdfast.project.opening import opened
with opened():
    from holdfast.ledger.changes import Actor, change_set
    from holdfast.people.models import Organisation, Site
    print("writing", flush=True)
    count = 0
    while not select.select([sys.stdin], [], [], 0)[0]:
        with change_set(Actor.operator("writer"), action="add", reason="a backup is made meanwhile"):
            made = Organisation.objects.create(number=f"BUSY-{count}", name="Fictional", kind="supplier", country="US")
            Site.objects.create(number=f"BUSY-{count}", organisation=made, name="Fictional", country="US", time_zone="UTC")
        count += 1
    print(count)
"""


def test_a_backup_moves_to_a_server_of_ones_own_as_the_guide_says(backed_up: tuple[Path, Path], folder: Path, command: Command, server: Any) -> None:
    _, file = backed_up
    name, moved = f"holdfast_moved_{os.getpid()}", folder / "moved"
    make_database(server, name)
    try:
        with tarfile.open(file) as archive:
            archive.extractall(folder / "unpacked", filter="data")
        restore = [str(programs(server.home) / "pg_restore"), "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
        subprocess.run([*restore, "-d", server.url(OWNER, name), str(folder / "unpacked" / "database.dump")], check=True, capture_output=True)
        moved.mkdir(mode=0o711)
        shutil.copytree(folder / "unpacked" / "keys", moved / "keys")
        own = {"HOLDFAST_HOME": str(moved), "HOLDFAST_DATABASE_URL": server.url(APPLICATION, name)}
        guarded = command("db", "migrate", **own, HOLDFAST_OWNER_DATABASE_URL=server.url(OWNER, name))
        assert guarded.returncode == 0, guarded.stderr
        verified = command("ledger", "verify", "--checkpoint", str(folder / "unpacked" / "checkpoint.txt"), **own)
        assert (verified.returncode, "Everything holds." in verified.stdout) == (0, True), verified.stdout + verified.stderr
        (folder / "source" / "organisations.csv").write_text("number,name,kind,country\nORG-4,Fictional Four,supplier,FR\n")
        assert command("import", str(folder / "source"), **own).returncode == 0
    finally:
        drop_database(server, name)


def test_a_database_of_a_newer_holdfast_is_refused_in_a_sentence(own_database: str, server: Any, home: Path, command: Command) -> None:
    import psycopg

    with psycopg.connect(server.url(SUPERUSER, own_database)) as owner:
        owner.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '9999_from_the_future', now())")
    done = command("batch", "list", HOLDFAST_HOME=str(home), HOLDFAST_DATABASE_URL=server.url(APPLICATION, own_database))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "newer Holdfast (ledger 9999_from_the_future)" in done.stderr


def test_a_file_that_is_no_backup_and_a_target_that_is_there_are_refused(backed_up: tuple[Path, Path], folder: Path, command: Command) -> None:
    home, file = backed_up
    (folder / "text").write_text("hello")
    assert "is no backup" in command("restore", str(folder / "text"), HOLDFAST_HOME=str(folder / "again")).stderr
    kept = file.read_bytes()
    assert "is there already" in command("backup", str(file), HOLDFAST_HOME=str(home)).stderr
    assert file.read_bytes() == kept


def test_a_folder_whose_restore_was_interrupted_is_not_opened(folder: Path, command: Command) -> None:
    again = folder / "again"
    again.mkdir(mode=0o711)
    (again / "restore-unfinished").touch()
    done = command("batch", "list", HOLDFAST_HOME=str(again))
    assert (done.returncode, "was interrupted: empty the folder" in done.stderr) == (2, True)
