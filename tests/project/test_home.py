"""The data folder: made, checked, and refused in one sentence."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from holdfast.project.home import Home, HomeProblem, default_home, open_home, secret_key, unreachable_by_server_user

pytestmark = pytest.mark.req("2.1")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_that_we_make_lets_the_servers_user_pass_and_nobody_look(home: Path) -> None:
    open_home(home)
    assert mode(home) == (0o711 if os.geteuid() == 0 else 0o700)


def test_folders_on_the_way_are_made_so_that_the_server_can_pass(folder: Path) -> None:
    before = os.umask(0o077)
    try:
        opened = open_home(folder / "a" / "b" / "home")
    finally:
        os.umask(before)
    assert mode(folder / "a") == 0o755
    assert os.geteuid() != 0 or unreachable_by_server_user(opened.path) is None


@as_root
def test_a_folder_of_somebody_elses_keeps_its_rights_and_is_named(folder: Path) -> None:
    theirs = folder / "theirs"
    theirs.mkdir(mode=0o700)
    (theirs / "letter.txt").write_text("private")
    with pytest.raises(HomeProblem) as refused:
        open_home(theirs)
    assert str(refused.value) == (
        f"The folder {theirs} lets nobody but its owner pass, and PostgreSQL does not run as root:"
        " name a data folder outside it with HOLDFAST_HOME, for example HOLDFAST_HOME=/var/lib/holdfast."
    )
    assert mode(theirs) == 0o700
    assert [path.name for path in theirs.iterdir()] == ["letter.txt"]


def test_a_file_in_the_place_of_the_folder_is_one_sentence(folder: Path) -> None:
    path = folder / "file"
    path.write_text("mine")
    with pytest.raises(HomeProblem) as refused:
        open_home(path)
    assert str(refused.value) == f"The data folder {path} cannot be written (not a directory): choose another with HOLDFAST_HOME."
    assert path.read_text() == "mine"


def test_a_folder_on_a_read_only_file_system_is_one_sentence() -> None:
    path = Path("/proc/holdfast")
    if not path.parent.is_dir():
        pytest.skip("this system has no /proc to try to write to")
    with pytest.raises(HomeProblem, match=r"^The data folder /proc/holdfast cannot be written \(.+\): choose another with HOLDFAST_HOME\.$"):
        open_home(path)


def test_the_socket_of_a_deep_folder_has_a_short_address_of_its_own(folder: Path) -> None:
    deep, other = Home(folder / ("d" * 120)), Home(folder / ("e" * 120))
    assert Home(folder).sockets == folder / "postgresql" / "run"
    assert len(str(deep.sockets)) < 60
    assert deep.sockets != other.sockets


def test_the_folder_is_the_one_that_holdfast_home_names(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLDFAST_HOME", str(folder / "named"))
    assert default_home() == folder / "named"


def test_without_a_name_a_clone_keeps_its_data_in_itself_unless_the_server_cannot_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOLDFAST_HOME", raising=False)
    root = Path(__file__).resolve().parents[2]
    blocked = os.geteuid() == 0 and unreachable_by_server_user(root)
    assert default_home() == (Path("/var/lib/holdfast") if blocked else root / ".holdfast")


def test_the_key_of_sessions_is_made_once_and_only_its_owner_reads_it(home: Path) -> None:
    opened = open_home(home)
    made = secret_key(opened)
    assert len(made) == 64
    assert secret_key(opened) == made
    assert mode(opened.secret) == 0o600
