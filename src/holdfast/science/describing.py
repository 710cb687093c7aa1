"""Everything a method says of itself, for whoever lists, explains or offers methods."""

from __future__ import annotations

from typing import Any

from .method import Method


def description(method: Method[Any, Any]) -> dict[str, Any]:
    """Everything a method says of itself, as JSON-ready values."""
    return {
        "name": method.name,
        "title": method.title,
        "family": method.family,
        "version": method.version,
        "about": method.about,
        "columns": [{"name": c.name, "kind": c.kind, "required": c.required, "least": c.least, "censored": c.censoring, "meaning": c.meaning}
                    for c in method.columns],
        "parameters": [{"name": p.name, "kind": p.kind, "default": p.default, "required": p.default is None and not p.optional,
                        "choices": list(p.choices), "meaning": p.meaning} for p in method.parameters],
        "quantities": [{"name": q.name, "meaning": q.metadata["meaning"]} for q in method.result.quantities()],
        "citations": [str(each) for each in method.citations],
    }  # fmt: skip
