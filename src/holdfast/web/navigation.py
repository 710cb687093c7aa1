"""The places that the rail leads to. A new screen adds a line here and is reachable from everywhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One line of the rail: the address' name, what it is called, its icon, and the pages that lie within it."""

    name: str
    label: str
    icon: str
    holds: tuple[str, ...] = ()


PLACES: tuple[Place, ...] = (
    Place("board", "Release board", "clipboard-check", ("batch", "trend", "decide", "decision")),
    Place("programme_map", "Programme map", "map"),
    Place("studies", "Studies", "flask-conical", ("study", "study_report")),
    Place("alignment", "US and EU", "git-compare", ("difference",)),
    Place("phase", "Phase view", "compass"),
    Place("trends", "Trends", "chart-line", ("product_trends", "attribute_trend", "product_review")),
    Place("ledger", "Ledger", "history", ("change_set", "audit_trail_reviews", "audit_trail_review_new", "audit_trail_review")),
    Place("packs", "Rule packs", "scale", ("packs_adopt",)),
    Place("import", "Import", "inbox", ("import_checked",)),
    Place("search", "Search", "search", ("record", "entry", "fact", "links")),
    Place(
        "reference",
        "Reference",
        "book-marked",
        (
            "reference_rules",
            "reference_rule",
            "reference_packs",
            "reference_pack",
            "reference_crosswalk",
            "reference_row",
            "reference_dictionary",
            "reference_attribute",
            "reference_documents",
            "reference_document",
        ),
    ),
    Place("start", "First steps", "graduation-cap"),
    Place("glossary", "Glossary", "book-open-text"),
)


def place_of(page: str) -> str:
    """The place in which a page (the name of its address) lies; empty where none claims it."""
    return next((place.name for place in PLACES if page == place.name or page in place.holds), "")
