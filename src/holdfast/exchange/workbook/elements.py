"""Walking the XML of a workbook's part: element by element, without entities, which no workbook declares."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

Started = Callable[[str, dict[str, str]], None]


class NotXml(Exception):
    """A part cannot be read as XML; the message says where."""


def walk(content: bytes, started: Started, ended: Callable[[str], None] | None = None, text: Callable[[str], None] | None = None) -> None:
    """Call `started` and `ended` with the names of elements (without prefix) and `text` with what stands between. Raises `NotXml`."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: started(name.rpartition(":")[2], attributes)
    if ended:
        parser.EndElementHandler = lambda name: ended(name.rpartition(":")[2])
    if text:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise NotXml(str(error)) from error


def _refuse_doctype(*_: object) -> None:
    raise NotXml("it declares a document type")
