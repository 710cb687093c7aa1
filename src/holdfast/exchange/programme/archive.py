"""A programme folder as one zip, both ways: unpacked within limits, flat, and nowhere else than where it should be."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from holdfast.kernel.errors import Problem

#: uncompressed bytes and files that a folder may have
MOST_BYTES = 200 * 1024 * 1024
MOST_FILES = 500
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
#: the same folder gives the same bytes, so the zip says no time of its own
CREATED = (2000, 1, 1, 0, 0, 0)


def unpack_folder(name: str, content: bytes, target: Path) -> list[Problem]:
    """Write the files of a zip into an empty folder; the problems, in which case what is there is not to be read.

    A single folder around everything (as most programs pack one) is left out. Nothing else may have folders.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            problems = _too_much(name, members) or _misplaced(name, members)
            for info in [] if problems else members:
                (target / PurePosixPath(info.filename).name).write_bytes(archive.read(info))
            return problems
    except UNREADABLE as error:
        return [Problem(name, f"The file is no zip, or is not whole: {error}.", "Pack the folder again.")]


def _too_much(name: str, members: list[zipfile.ZipInfo]) -> list[Problem]:
    total = sum(info.file_size for info in members)
    if total > MOST_BYTES or len(members) > MOST_FILES:
        says = f"Unpacked it has {total // 1024 // 1024} MB in {len(members)} files; {MOST_BYTES // 1024 // 1024} MB in {MOST_FILES} are read."
        return [Problem(name, says, "Split it, or import the folder with `holdfast import`.")]
    return []


def _misplaced(name: str, members: list[zipfile.ZipInfo]) -> list[Problem]:
    """Members that lie in a folder of their own, climb out, or stand twice."""
    paths = [PurePosixPath(info.filename) for info in members]
    around = paths[0].parts[0] if paths and all(len(path.parts) == 2 and path.parts[0] == paths[0].parts[0] for path in paths) else None
    flat = [path.parts[1:] if around and around not in {"..", "/"} else path.parts for path in paths]
    bad = [path for path, parts in zip(paths, flat, strict=True) if len(parts) != 1 or parts[0] in {"..", "/"} or "\\" in parts[0] or len(parts[0]) > 200]
    problems = [Problem(name, f"{str(path)[:200]} lies in a folder.", "Pack the files of one folder, and no folders in it.") for path in bad]
    names = [parts[-1].casefold() for parts in flat if parts]
    if len(set(names)) != len(names):
        problems.append(Problem(name, "It holds a file twice.", "Keep one of each name."))
    return problems


def pack_folder(folder: Path) -> bytes:
    """The files of a folder as a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.iterdir() if path.is_file()):
            info = zipfile.ZipInfo(path.name, CREATED)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, path.read_bytes())
    return packed.getvalue()
