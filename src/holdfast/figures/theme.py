"""Colours by what they mean. A specification holds plain colours, so that it is drawn anywhere; a page puts its own in their place."""

from __future__ import annotations

from typing import Any

#: what a colour means, its value on white paper; each value is used for one meaning only, so that it can be found again
PALETTE: dict[str, str] = {
    "ink": "#13201f",
    "quiet": "#5d6b68",
    "line": "#dce2de",
    "paper": "#fffffe",
    "accent": "#0c5a57",
    "good": "#135c39",
    "bad": "#9b1f1a",
    "unsure": "#744700",
    "done": "#2c427b",
    "band": "#e1efed",
}
FONT = "Hyperlegible, 'Liberation Sans', 'DejaVu Sans', sans-serif"
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def specification(**content: Any) -> dict[str, Any]:
    """A Vega-Lite specification in the house's style; `usermeta.palette` says which colour is which property of a page."""
    axis = {
        "labelColor": PALETTE["quiet"],
        "titleColor": PALETTE["quiet"],
        "gridColor": PALETTE["line"],
        "domainColor": PALETTE["line"],
        "tickColor": PALETTE["line"],
    }
    config = {
        "font": FONT,
        "background": "transparent",
        "view": {"stroke": None},
        "axis": {**axis, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "titlePadding": 10, "labelPadding": 6},
        "legend": {"labelColor": PALETTE["ink"], "titleColor": PALETTE["quiet"], "labelFontSize": 12, "titleFontSize": 12},
        "text": {"fontSize": 12},
    }
    meta = {"palette": {colour: f"--fig-{meaning}" for meaning, colour in PALETTE.items()}}
    return {"$schema": SCHEMA, **content, "config": config, "usermeta": meta}


def in_page_colours(svg: str) -> str:
    """An SVG whose colours follow the page's theme, and stay as they were where there is no page."""
    for meaning, colour in PALETTE.items():
        svg = svg.replace(f'"{colour}"', f'"var(--fig-{meaning}, {colour})"')
    return svg
