"""What every figure is: a drawing that never comes without its title, its description and its data."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from .theme import in_page_colours

VEGA_LITE = "6.4"


@dataclass(frozen=True)
class Figure:
    """A figure: `columns` and `rows` are the data as a table; `description` says in a sentence or two what the drawing shows, for whoever does not see it.

    `specification` is Vega-Lite, or for a diagram its nodes and links; a diagram brings its own `drawing` (SVG).
    """

    name: str
    title: str
    description: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    specification: dict[str, Any]
    drawing: str = ""

    @property
    def is_interactive(self) -> bool:
        return not self.drawing

    @property
    def svg(self) -> str:
        """The drawing on white paper, for documents."""
        return self.drawing or draw(json.dumps(self.specification, sort_keys=True))

    @property
    def page_svg(self) -> str:
        """The drawing for a page: in the page's colours, with title and description inside."""
        role = "group" if "<a " in self.drawing else "img"  # what leads somewhere is walked through; the rest is one picture
        named = f'<svg role="{role}" aria-labelledby="{self.name}-title {self.name}-description" '
        inside = f'<title id="{self.name}-title">{escape(self.title)}</title><desc id="{self.name}-description">{escape(self.description)}</desc>'
        opening, rest = in_page_colours(self.svg).split(">", 1)
        return f"{opening.replace('<svg ', named, 1)}>{inside}{rest}"

    @property
    def csv(self) -> str:
        """The data as comma-separated values, with a header line."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return out.getvalue()

    @property
    def json(self) -> str:
        return json.dumps(self.specification, indent=1, ensure_ascii=False)


@lru_cache(maxsize=256)
def draw(specification: str) -> str:
    """A Vega-Lite specification (JSON text) as SVG: the same text always gives the same drawing."""
    import vl_convert  # takes 0.2 s to load, and only pages with charts need it

    svg: str = vl_convert.vegalite_to_svg(specification, vl_version=VEGA_LITE)
    # The drawing is one picture with one description: what the parts say of themselves would be read out one by one.
    return re.sub(r' (?:aria-[a-z]+|role)="[^"]*"', "", svg)
