"""What a verification says: line by line what was looked at and whether it holds, and one of three fixed phrases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

AUTHENTIC, CONSISTENT, INCONSISTENT = "authentic", "consistent, signer unproven", "NOT CONSISTENT"


@dataclass(frozen=True)
class Line:
    """One thing that was looked at, and whether it holds."""

    what: str
    holds: bool
    detail: str = ""


@dataclass
class Report:
    """What verification found. `conclusion` is one of three fixed phrases."""

    lines: list[Line] = field(default_factory=list)
    key_fingerprint: str = ""
    is_authentic: bool = False
    decision: dict[str, Any] = field(default_factory=dict)
    study: dict[str, Any] = field(default_factory=dict)

    def note(self, what: str, holds: bool, detail: str = "") -> bool:
        self.lines.append(Line(what, holds, detail))
        return holds

    @property
    def holds(self) -> bool:
        return bool(self.lines) and all(line.holds for line in self.lines)

    @property
    def conclusion(self) -> str:
        if not self.holds:
            return INCONSISTENT
        return AUTHENTIC if self.is_authentic else CONSISTENT

    def as_dict(self) -> dict[str, Any]:
        return {
            "conclusion": self.conclusion,
            "holds": self.holds,
            "key_fingerprint": self.key_fingerprint,
            "decision": self.decision,
            **({"study": self.study} if self.study else {}),
            "lines": [{"what": line.what, "holds": line.holds, "detail": line.detail} for line in self.lines],
        }
