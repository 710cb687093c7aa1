"""The zip that a workbook is: unpacked within limits, before anything that trusts it looks inside."""

from __future__ import annotations

import io
import zipfile
import zlib

#: uncompressed bytes that a workbook may have, in all its parts
MOST_BYTES = 200 * 1024 * 1024
MOST_PARTS = 5000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAVE_AS = "Save it in Excel or LibreOffice as a workbook (.xlsx), without a password."
#: parts that reach out of the file: other workbooks, databases, macros (names in small letters)
REACHING_OUT = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/", "xl/vbaproject.bin")
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


class NotAWorkbook(Exception):
    """The file is no workbook that can be read: the message, and what to do."""

    def __init__(self, message: str, advice: str = SAVE_AS) -> None:
        super().__init__(message)
        self.message, self.advice = message, advice


def unpack(content: bytes) -> dict[str, bytes]:
    """The XML parts of a workbook by name. Raises `NotAWorkbook` for what is broken, encrypted, or swells when it is unpacked."""
    if content.startswith(OLE):
        raise NotAWorkbook("The file has a password, or is of an older kind (.xls).")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_sizes(members)
            # zipfile reads no more of a member than its size says, and compares the checksum
            return {info.filename: archive.read(info) for info in members if info.filename.endswith((".xml", ".rels"))}
    except UNREADABLE as error:
        raise NotAWorkbook(f"The file is not a workbook, or is not whole: {error}.") from error


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    names = {info.filename.lower() for info in members}
    if len(names) != len(members):
        raise NotAWorkbook("The file holds a part twice.")
    outside = sorted(name for name in names if name.startswith(REACHING_OUT))
    if outside:
        says = f"The file reaches out of itself ({outside[0]}): to other workbooks, to a database, or with macros."
        raise NotAWorkbook(says, "Break its links (Data, Edit links) and connections, and save it as a plain workbook (.xlsx).")
    total = sum(info.file_size for info in members)
    if total > MOST_BYTES or len(members) > MOST_PARTS:
        says = f"Unpacked the file has {total // 1024 // 1024} MB in {len(members)} parts; {MOST_BYTES // 1024 // 1024} MB in {MOST_PARTS} are read."
        raise NotAWorkbook(says, "Split the programme into folders of CSV files, or remove what is not a sheet.")
    if any(info.flag_bits & 1 for info in members):
        raise NotAWorkbook("The file has a password.")


def repack(parts: dict[str, bytes]) -> io.BytesIO:
    """The parts as a zip again: whoever reads it sees the bytes that were checked, whatever the headers of the first one said."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    packed.seek(0)
    return packed
