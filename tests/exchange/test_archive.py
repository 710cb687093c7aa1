"""A folder as a zip: flat, within limits, and never outside the folder it is unpacked into."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.exchange.programme import archive
from holdfast.exchange.programme.archive import pack_folder, unpack_folder

pytestmark = [pytest.mark.req("3.5")]


def zip_of(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize("around", ["", "car-t/"])
def test_files_come_out_as_they_went_in_with_or_without_a_folder_around_them(tmp_path: Path, around: str) -> None:
    assert unpack_folder("x.zip", zip_of({f"{around}lots.csv": b"a\r\n", f"{around}programme.yaml": b"b"}), tmp_path) == []
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"lots.csv": b"a\r\n", "programme.yaml": b"b"}


@pytest.mark.parametrize("name", ["../lots.csv", "../../lots.csv", "/lots.csv", "a/b/lots.csv", "a\\lots.csv", "..", "a/../lots.csv"])
def test_what_lies_elsewhere_is_named_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    problems = unpack_folder("x.zip", zip_of({name: b"x", "programme.yaml": b"x"}), inside)
    assert "lies in a folder" in problems[0].message
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_single_folder_that_climbs_out_is_no_folder_around_everything(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    assert "lies in a folder" in unpack_folder("x.zip", zip_of({"../lots.csv": b"x"}), inside)[0].message
    assert list(inside.iterdir()) == []


def test_a_name_that_stands_twice_is_refused_also_where_only_case_differs(tmp_path: Path) -> None:
    assert unpack_folder("x.zip", zip_of({"lots.csv": b"1", "LOTS.csv": b"2"}), tmp_path)[0].message == "It holds a file twice."
    assert list(tmp_path.iterdir()) == []


def test_what_swells_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1024 * 1024)
    assert "Unpacked it has 2 MB in 1 files" in unpack_folder("x.zip", zip_of({"lots.csv": b"0" * 2 * 1024 * 1024}), tmp_path)[0].message
    monkeypatch.setattr(archive, "MOST_FILES", 2)
    assert "in 3 files" in unpack_folder("x.zip", zip_of({"a": b"", "b": b"", "c": b""}), tmp_path)[0].message
    assert list(tmp_path.iterdir()) == []


@given(st.binary(max_size=200))
def test_any_bytes_are_a_zip_or_a_problem(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    problems = unpack_folder("x.zip", content, tmp_path_factory.mktemp("any"))
    assert [problem.file for problem in problems] == ["x.zip"]


def test_the_same_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("2")
    (tmp_path / "a.csv").write_text("1")
    packed = pack_folder(tmp_path)
    assert packed == pack_folder(tmp_path)
    with zipfile.ZipFile(io.BytesIO(packed)) as made:
        assert made.namelist() == ["a.csv", "b.csv"]
