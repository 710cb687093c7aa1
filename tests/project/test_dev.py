"""What a clone does before anything is installed: `./dev`, and the files that lock what it installs."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from holdfast.cli import reference

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-uv.txt"]
pytestmark = pytest.mark.req("2.1")


def run_dev_with(folder: Path, version: str | None) -> subprocess.CompletedProcess[str]:
    """`./dev run` where the only Python is of this version, or there is none."""
    if version:
        fake = folder / "python3"
        fake.write_text(f'#!/bin/sh\ncase "$2" in *version_info\\ \\<*) exit 1;; *) echo {version};; esac\n')
        fake.chmod(0o755)
    for tool in ("dirname", "sh"):
        (folder / tool).symlink_to(f"/usr/bin/{tool}")
    return subprocess.run(["/bin/sh", str(ROOT / "dev"), "run"], env={"PATH": str(folder)}, capture_output=True, text=True, check=False)


def test_too_old_a_python_is_one_sentence(tmp_path: Path) -> None:
    refused = run_dev_with(tmp_path, "3.9")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "Holdfast needs Python 3.11 or newer, and this machine has only 3.9.\n"


def test_no_python_at_all_is_one_sentence(tmp_path: Path) -> None:
    refused = run_dev_with(tmp_path, None)
    assert (refused.returncode, refused.stderr) == (2, "Holdfast needs Python 3.11 or newer, and this machine has none.\n")


def test_an_unknown_word_prints_what_there_is() -> None:
    answer = subprocess.run([str(ROOT / "dev"), "dance"], capture_output=True, text=True, check=False, env=os.environ)
    assert answer.returncode == 2
    assert answer.stdout.startswith("./dev run [--port N]")


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_exact_versions_with_hashes_and_no_place_to_get_them(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    requirements = re.findall(r"^(?=[a-z0-9])(.+?)(?=^[a-z0-9]|\Z)", text, re.MULTILINE | re.DOTALL)
    assert requirements
    for requirement in requirements:
        assert re.match(r"[a-z0-9._\[\]-]+==\S+ ", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement
    assert not re.search(r"index-url|find-links|file:|https?://|/opt/", text)


def names_in(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower().replace("_", "-") for requirement in requirements}


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    locked = {name: names_in(re.findall(r"^([a-z0-9].*?)==", (ROOT / name).read_text("utf-8"), re.MULTILINE)) for name in LOCKS}
    core = names_in(project["dependencies"]) | names_in(extras["build"])
    assert core - locked["requirements.txt"] == set()
    assert (core | names_in(extras["dev"])) - locked["requirements-dev.txt"] == set()


def test_nothing_that_is_locked_for_users_is_only_for_development() -> None:
    text = (ROOT / "requirements.txt").read_text("utf-8")
    for name in ("pytest", "mypy", "ruff", "playwright", "hypothesis"):
        assert not re.search(rf"^{name}==", text, re.MULTILINE)


@pytest.mark.req("2.2")
def test_the_generated_reference_is_up_to_date() -> None:
    assert reference.outdated(ROOT / "docs" / "reference") == []


@pytest.mark.parametrize(
    ("words", "processes"),
    [([], True), (["-ra"], True), (["tests/ledger"], False), (["-ra", "tests/ledger"], False), (["-k", "seals"], False), (["-n0"], False)],
)
def test_the_whole_run_is_spread_over_the_processors_and_a_choice_is_not(words: list[str], processes: bool) -> None:
    import dev

    assert ("--dist" in dev.spread(words)) is processes
