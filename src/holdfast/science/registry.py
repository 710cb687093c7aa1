"""Every method by name. A family's `__init__` says in which module each stands; a module is imported when its method is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .capability import METHODS as CAPABILITY
from .comparability import METHODS as COMPARABILITY
from .comparison import METHODS as COMPARISON
from .control import METHODS as CONTROL
from .meta import METHODS as META
from .molecular import METHODS as MOLECULAR
from .outliers import METHODS as OUTLIERS
from .potency import METHODS as POTENCY
from .proficiency import METHODS as PROFICIENCY
from .refusal import WrongParameter
from .sampling import METHODS as SAMPLING
from .stability import METHODS as STABILITY

if TYPE_CHECKING:
    from .method import Method

FAMILIES: dict[str, dict[str, str]] = {
    "comparability": COMPARABILITY,
    "comparison": COMPARISON,
    "capability": CAPABILITY,
    "stability": STABILITY,
    "potency": POTENCY,
    "control": CONTROL,
    "proficiency": PROFICIENCY,
    "meta": META,
    "sampling": SAMPLING,
    "molecular": MOLECULAR,
    "outliers": OUTLIERS,
}
#: name → "module:attribute" under holdfast.science
METHODS: dict[str, str] = {name: f"{family}.{place}" for family, places in FAMILIES.items() for name, place in places.items()}


def method_named(name: str) -> Method[Any, Any]:
    """The method of a name. Raises `WrongParameter` naming what there is."""
    if name not in METHODS:
        raise WrongParameter(f"There is no method {name!r}. `holdfast science list` names those there are.")
    module, attribute = METHODS[name].split(":")
    found: Method[Any, Any] = getattr(importlib.import_module(f"holdfast.science.{module}"), attribute)
    return found


def methods() -> Iterator[Method[Any, Any]]:
    """Every method, family by family, in the order they are declared."""
    return (method_named(name) for name in METHODS)
