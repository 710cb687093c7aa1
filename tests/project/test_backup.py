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

import pytest

from .conftest import Command, environment

pytestmark = [pytest.mark.req("3.4")]


@pytest.fixture(scope="module")
def made_once() -> Iterator[Path]:
    """A data folder with two organisations in it, and its backup, made once: no test of this module writes to either."""
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
