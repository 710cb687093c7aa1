"""What pages are made of comes from here: vendored files are what their manifest says, and nothing names an address outside."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

import holdfast.web

pytestmark = [pytest.mark.req("4.1")]
WEB = Path(holdfast.web.__file__).parent
VENDORED = [WEB / "static" / "vendor", Path(__file__).parents[1] / "vendor"]
#: names of formats, which no browser fetches
NAMES = re.compile(r"https?://(?:www\.w3\.org/|vega\.github\.io/schema/)")


@pytest.mark.parametrize("folder", VENDORED, ids=["served", "tests"])
def test_every_vendored_file_is_the_one_its_manifest_names(folder: Path) -> None:
    parts = json.loads((folder / "manifest.json").read_text())["parts"]
    named = {name: digest for part in parts for name, digest in part["files"].items()}
    found = {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}
    found.pop("manifest.json")
    assert found == named
    assert all(part["version"] and part["licence"] and any("LICENSE" in name for name in part["files"]) for part in parts)


def test_no_template_style_or_script_of_ours_names_an_address_outside() -> None:
    ours = [path for pattern in ("templates/**/*.html", "static/holdfast/**/*") for path in WEB.glob(pattern) if path.is_file()]
    assert len(ours) > 40
    outside = {str(path): found for path in ours if (found := re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}[^\s\"']*", NAMES.sub("", path.read_text())))}
    assert outside == {}


def test_no_template_holds_script_or_style_inside_or_asks_for_eval() -> None:
    forbidden = re.compile(r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:|<script(?![^>]*(?:src=|application/json))")
    wrong = {str(path): found for path in WEB.glob("templates/**/*.html") if (found := forbidden.findall(path.read_text()))}
    assert wrong == {}


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    from holdfast.web.navigation import PLACES
    from holdfast.web.templatetags.holdfast import STATES

    sprite = set(re.findall(r'<symbol id="([^"]+)"', (WEB / "static" / "vendor" / "lucide" / "icons.svg").read_text()))
    templates = "".join(path.read_text() for path in WEB.glob("templates/**/*.html"))
    code = "".join(path.read_text() for path in WEB.parent.glob("**/*.py"))
    named = {*re.findall(r'\{% icon "([^"]+)"', templates), *re.findall(r'icon_name="([^"]+)"', templates), *re.findall(r'icon="([^"]+)"', code)}
    named |= {place.icon for place in PLACES} | {icon for _, icon in STATES.values()}
    assert named - sprite == set()


def test_what_every_page_loads_stays_under_its_budget() -> None:
    """Point 9: 150 kB compressed for a first load beyond the charts; this is all that is not the page itself, which may take the rest."""
    static = WEB / "static"
    head = (WEB / "templates" / "base.html").read_text()
    named = re.findall(r"static '([^']+)'", head)
    assert "vendor/htmx/htmx.min.js" in named
    files = {*named, "vendor/lucide/icons.svg", "vendor/fonts/atkinson-hyperlegible-mono-latin.woff2"}
    size = sum(len(gzip.compress((static / name).read_bytes())) for name in files)
    assert size < 110_000
