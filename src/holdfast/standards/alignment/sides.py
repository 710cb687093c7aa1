"""What is compared: one side is what one registration says, gathered by whoever reads the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from holdfast.kernel.acceptance import Criterion


@dataclass(frozen=True)
class Proof:
    """How far a version of a procedure is proven at a site on the day asked about; `since` is None when no day was recorded."""

    site: str
    procedure: str
    version: int
    state: str
    since: date | None = None

    def __str__(self) -> str:
        return f"{self.procedure} version {self.version} {self.state} at {self.site}"


@dataclass(frozen=True)
class RegisteredTest:
    """One line of a registered specification, with its procedure. An empty `procedure`, or no `versions`, means that none is recorded."""

    attribute: str
    name: str
    criterion: Criterion
    as_registered: str
    procedure: str = ""
    versions: tuple[int, ...] = ()
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True)
class Stability:
    """What a registration claims and promises for one storage condition; None and empty mean not recorded."""

    storage_condition: str
    shelf_life_months: int | None = None
    lots_per_year: int | None = None
    commitment: str = ""


@dataclass(frozen=True)
class Side:
    """One registration on one day. `specification` is empty when none is registered, and then no test can be compared."""

    name: str
    region: str
    specification: str = ""
    tests: Mapping[str, RegisteredTest] = field(default_factory=dict)
    release_sites: tuple[str, ...] = ()
    stability: Mapping[str, Stability] = field(default_factory=dict)
