"""Pure numbers: series in, results out; one method a file, one folder a family. No Django, no record, no rule.

* `Series` is what a column of results is here: values, censoring marks and a unit. A value below a limit is never a number.
* `Method` is a public function with what a person must know of it: columns, parameters, citation, version. `METHODS` names them all.
* `Result` is what a method gives back: every quantity with its meaning and unit, definitions chosen, assumptions, warnings, decision, sentence.
* Beside each public function stands one for arrays with leading "case" axes, for many series at once.

Nothing heavy is imported here: a method brings numpy and scipy when it is first asked for.
"""

from __future__ import annotations

from .refusal import CensoredValues, Degenerate, Mismatch, MixedUnits, NotFinite, TooFew, Unsuitable, WrongParameter
from .registry import FAMILIES, METHODS, method_named, methods

__all__ = [
    "FAMILIES",
    "METHODS",
    "CensoredValues",
    "Degenerate",
    "Mismatch",
    "MixedUnits",
    "NotFinite",
    "TooFew",
    "Unsuitable",
    "WrongParameter",
    "method_named",
    "methods",
]
