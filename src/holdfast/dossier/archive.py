"""Reading a zip strictly: what a lenient reader would overlook is named instead."""

from __future__ import annotations

import io
import struct
import zipfile

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


class ArchiveProblem(Exception):
    """The file is not exactly a zip as Holdfast writes one; the message names what is wrong."""


def read_strictly(content: bytes) -> dict[str, bytes]:
    """Members by name. Raises `ArchiveProblem` for bytes before, between or after members, doubled names, compression, comments, or any field of
    the central directory that differs from the member's own header."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, OverflowError, NotImplementedError) as error:
        raise ArchiveProblem(f"It is not a readable zip: {error}.") from error
    members: dict[str, bytes] = {}
    position = 0
    for info in infos:
        if info.filename in members:
            raise ArchiveProblem(f"The member {info.filename} stands twice.")
        position, members[info.filename] = _member(content, info, position)
    _check_tail(content, infos, position)
    return members


def _member(content: bytes, info: zipfile.ZipInfo, position: int) -> tuple[int, bytes]:
    """One member, which must begin exactly where the one before ended."""
    if info.header_offset != position:
        raise ArchiveProblem(f"There are bytes outside members before {info.filename}.")
    name = info.filename.encode("utf-8")
    expected = struct.pack("<4sHHHHHIIIHH", LOCAL, 20, 0, 0, 0, 0x21, info.CRC, info.file_size, info.file_size, len(name), 0) + name
    end = position + len(expected) + info.file_size
    if info.compress_type != zipfile.ZIP_STORED or content[position : position + len(expected)] != expected or end > len(content):
        raise ArchiveProblem(f"The header of {info.filename} is not as it was written.")
    data = content[position + len(expected) : end]
    if zipfile.crc32(data) != info.CRC:  # type: ignore[attr-defined]
        raise ArchiveProblem(f"The bytes of {info.filename} were altered.")
    return end, data


def _check_tail(content: bytes, infos: list[zipfile.ZipInfo], position: int) -> None:
    """The central directory and the end record, byte for byte as Holdfast writes them."""
    start = position
    for info in infos:
        name = info.filename.encode("utf-8")
        fields = (CENTRAL, 20, 3, 20, 0, 0, 0, 0x21, info.CRC, info.file_size, info.file_size, len(name), 0, 0, 0, 0, 0o644 << 16, info.header_offset)
        expected = struct.pack("<4sBBHHHHHIIIHHHHHII", *fields) + name
        if content[position : position + len(expected)] != expected:
            raise ArchiveProblem(f"The directory entry of {info.filename} is not as it was written.")
        position += len(expected)
    end = struct.pack("<4sHHHHIIH", END, 0, 0, len(infos), len(infos), position - start, start, 0)
    if content[position:] != end:
        raise ArchiveProblem("There are bytes outside members at the end of the file.")
