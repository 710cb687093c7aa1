"""Named checks: what the vocabulary cannot say readably, one function a file, found by name.

A check is called with the current item, the whole dossier, and its parameters; it answers True, False, or None for unknown.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Any

Check = Callable[..., bool | None]


@cache
def all_checks() -> dict[str, Check]:
    """Every check, by name: module `x` holds function `x`."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    return {name: getattr(importlib.import_module(f"{__name__}.{name}"), name) for name in names}


def find_check(name: str) -> Any:
    """The check of that name, or None."""
    return all_checks().get(name)
