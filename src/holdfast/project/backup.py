"""Back up everything an installation is, and bring it back into an empty data folder: the database, the signing keys, the session key.

One file: an uncompressed tar of a pg_dump archive, the keys, a fresh checkpoint, and a manifest with the SHA-256 of each. The database's passwords are
not in it: a new cluster has its own. Whoever holds the file can sign as the installation: keep it as you keep the keys.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from holdfast import __version__
from holdfast.kernel.clock import now

from .binaries import programs
from .home import Home, HomeProblem, default_home, open_home
from .opening import FROM_A_SERVER, OF_ITS_OWNER, UNFINISHED, Addresses, addresses, opened

FORMAT = "holdfast-backup/1"
DUMP, CHECKPOINT, MANIFEST, SECRET = "database.dump", "checkpoint.txt", "manifest.json", "secret.txt"


@dataclass(frozen=True)
class Backup:
    """What a backup says of itself."""

    made_at: str
    version: str
    checkpoint: str
    members: dict[str, str] = field(repr=False)  # name to SHA-256


def back_up(target: Path) -> Backup:
    """Write a backup to `target`, which must not exist. Runs beside a serving installation; needs the owner's address. Call with the database open."""
    from django.conf import settings

    from holdfast.ledger.seals import issue_checkpoint

    if target.exists():
        raise HomeProblem(f"{target} is there already: name a file that is not.")
    if not target.parent.is_dir():
        raise HomeProblem(f"There is no folder {target.parent}.")
    checkpoint = issue_checkpoint(Path(settings.HOLDFAST_KEYS)).text
    home = open_home(default_home(), for_server=False)
    try:
        with addresses() as found, tempfile.TemporaryDirectory(prefix="holdfast-backup-", dir=target.parent) as folder:
            if found.owner is None:
                raise HomeProblem(f"A backup reads every row: give the database owner's address in {OF_ITS_OWNER}.")
            return _made(target, Path(folder), home, found.owner, checkpoint)
    except OSError as error:
        raise HomeProblem(f"The backup cannot be written to {target}: {(error.strerror or str(error)).lower()}. Nothing was left there.") from error


def _made(target: Path, folder: Path, home: Home, owner: str, checkpoint: str) -> Backup:
    dump = folder / DUMP
    _run("pg_dump", home, owner, "--format=custom", "--no-owner", f"--file={dump}")
    members = {DUMP: dump, **_small(home, folder, checkpoint)}
    backup = Backup(now().isoformat(timespec="seconds"), __version__, checkpoint, {name: _sha256(path) for name, path in members.items()})
    _write(target, folder / "whole.tar", backup, members)
    return backup


def _small(home: Home, folder: Path, checkpoint: str) -> dict[str, Path]:
    """Keys, session key and checkpoint, by their names in the backup."""
    (folder / CHECKPOINT).write_text(checkpoint, "utf-8")
    found = {CHECKPOINT: folder / CHECKPOINT}
    found |= {f"keys/{path.relative_to(home.keys)}": path for path in sorted(home.keys.rglob("*.pem"))}
    return found | ({SECRET: home.secret} if home.secret.exists() else {})


def _write(target: Path, made: Path, backup: Backup, members: dict[str, Path]) -> None:
    """Put the file in its place when it is whole: a backup that was interrupted leaves none."""
    manifest = {"format": FORMAT, "made_at": backup.made_at, "version": backup.version, "members": backup.members}
    made.touch(mode=0o600)
    with tarfile.open(made, "w") as archive:
        content = json.dumps(manifest, indent=2).encode()
        head = tarfile.TarInfo(MANIFEST)
        head.size = len(content)
        archive.addfile(head, io.BytesIO(content))
        for name, path in members.items():
            archive.add(path, name, recursive=False)
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.rename(target)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _run(program: str, home: Home, address: str, *arguments: str) -> None:
    """Run a PostgreSQL program against an address; its password goes by the environment, where other users do not see it."""
    command = [str(programs(home) / program), *arguments, "--no-password", f"--dbname={_without_password(address)}"]
    password = unquote(urlsplit(address).password or "")
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PGPASSWORD": password, "LC_ALL": "C"}, check=False)
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        raise HomeProblem(f"{program} failed: {said[-1]}")


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    hosted = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    port = f" port={parts.port}" if parts.port else ""
    return f"host='{hosted}'{port} user='{unquote(parts.username or '')}' dbname='{unquote(parts.path.lstrip('/'))}'"


def read_backup(source: Path) -> Backup:
    """What a backup says of itself, after checking that it holds exactly what its manifest says. Raises `HomeProblem`."""
    try:
        with tarfile.open(source, "r:") as archive:
            names = archive.getnames()
            manifest = json.loads(_member(archive, MANIFEST).read())
            digests = {name: hashlib.file_digest(_member(archive, name), "sha256").hexdigest() for name in names if name != MANIFEST}  # type: ignore[arg-type]
            checkpoint = _member(archive, CHECKPOINT).read().decode("utf-8")
    except (OSError, tarfile.TarError, ValueError, KeyError) as error:
        raise HomeProblem(f"{source} is no backup of Holdfast's, or it is damaged: {error}.") from error
    if manifest.get("format") != FORMAT or digests != manifest.get("members") or len(names) != len(set(names)):
        wrong = sorted(name for name in {*digests, *manifest.get("members", {})} if digests.get(name) != manifest.get("members", {}).get(name))
        raise HomeProblem(f"{source} is damaged: {', '.join(wrong) or 'its manifest'} is not what the manifest says.")
    return Backup(manifest["made_at"], manifest["version"], checkpoint, digests)


def _member(archive: tarfile.TarFile, name: str) -> Any:
    found = archive.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found


@contextmanager
def restored(source: Path) -> Iterator[Backup]:
    """Bring a backup back into the data folder (HOLDFAST_HOME), which must hold no database; the block runs with the database open and migrated.

    Raises `HomeProblem`. A restore that was interrupted leaves a mark, and nothing opens the folder until it is emptied.
    """
    if os.environ.get(FROM_A_SERVER):
        raise HomeProblem(f"A backup is restored into a data folder: unset {FROM_A_SERVER}. For a server of your own, see the operations guide.")
    backup = read_backup(source)
    home = open_home(default_home())
    if any(home.path.iterdir()):
        raise HomeProblem(f"The data folder {home.path} is not empty: name an empty one with HOLDFAST_HOME.")
    mark = home.path / UNFINISHED
    mark.touch()
    _restore_files(source, home, backup)
    with addresses(restoring=True) as found:
        _restore_database(source, home, found)
        mark.unlink()
        with opened(refresh=True):
            yield backup


def _restore_files(source: Path, home: Home, backup: Backup) -> None:
    with tarfile.open(source, "r:") as archive:
        for name in backup.members:
            if name == SECRET or (name.startswith("keys/") and ".." not in name):
                path = home.path / name
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                path.touch(mode=0o600)
                path.write_bytes(_member(archive, name).read())


def _restore_database(source: Path, home: Home, found: Addresses) -> None:
    assert found.owner is not None
    with tempfile.TemporaryDirectory(prefix="restore-", dir=home.path) as folder, tarfile.open(source, "r:") as archive:
        archive.extract(DUMP, folder, filter="data")
        # one transaction: everything is there, or nothing
        _run("pg_restore", home, found.owner, "--no-owner", "--exit-on-error", "--single-transaction", str(Path(folder) / DUMP))
