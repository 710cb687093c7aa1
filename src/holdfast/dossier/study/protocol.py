"""The protocol of a study: everything that is fixed before a result is read. Numbers are text, so that the document has one canonical form."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from holdfast.kernel.errors import Problem, Problems
from holdfast.science import WrongParameter, method_named

FORMAT: Literal["holdfast-study-protocol/1"] = "holdfast-study-protocol/1"
Kind = Literal[
    "comparability", "method_transfer", "method_bridging", "specification", "stability", "reference_standard", "critical_reagent", "laboratory_performance"
]  # fmt: skip
KIND_NAMES: dict[Kind, str] = {
    "comparability": "Comparability (ICH Q5E)",
    "method_transfer": "Method transfer",
    "method_bridging": "Method bridging",
    "specification": "Specification justification (ICH Q6B)",
    "stability": "Stability (ICH Q5C, Q1E)",
    "reference_standard": "Reference standard qualification and bridging",
    "critical_reagent": "Critical reagent qualification and bridging",
    "laboratory_performance": "Laboratory performance (ISO 13528)",
}
Risk = Literal["high", "moderate", "low"]
Tier = Literal["equivalence", "quality_range", "side_by_side", "estimation"]
Field_ = Literal["value", "lot", "months", "site", "procedure", "unit", "run"]


class Strict(BaseModel):
    """Frozen; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _is_number(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is not a number; write it as text, like '-3.5'") from error
    if not number.is_finite():
        raise ValueError(f"{text!r} is not a finite number")
    return text


Number = Annotated[str, AfterValidator(_is_number)]


class Arm(Strict):
    """A group of results, chosen by rule. A lot is never named by hand: what the rule finds is in, what it does not find is out.

    `contains_change` and `without_change` read the change control's list of lots; `newest` keeps so many lots, by day of manufacture.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    lot_kind: str = "drug_product"
    contains_change: str = ""
    without_change: str = ""
    made_at: str = ""
    laboratory: str = ""
    procedure: str = ""
    procedure_version: int | None = None
    process_version: int | None = None
    manufactured_from: date | None = None
    manufactured_until: date | None = None
    storage: str = ""
    newest: int | None = Field(None, ge=1)
    why: str = Field(min_length=1)


class ColumnSource(Strict):
    """Where a column of the method is read from: the arms whose rows it takes, and which field of a row."""

    arms: tuple[str, ...] = Field(min_length=1)
    field: Field_ = "value"


class Planned(Strict):
    """What the design was computed from: the standard deviation expected (in the attribute's unit) and where it comes from."""

    sd: Number
    n_reference: int = Field(ge=2)
    n_test: int = Field(ge=2)
    source: str = Field(min_length=1)
    mean: Number | None = None


class AttributePlan(Strict):
    """One attribute: its risk, the tier that follows from it, the method with its columns and parameters, and which decision of it passes."""

    code: str
    name: str
    unit: str = ""
    risk: Risk
    risk_why: str = Field(min_length=1)
    tier: Tier
    method: str
    columns: dict[str, ColumnSource]
    parameters: dict[str, str | int | bool] = {}
    passes: tuple[str, ...] = ()
    margin_why: str = ""
    planned: Planned | None = None
    weak_accepted: str = ""

    @model_validator(mode="after")
    def _holds_together(self) -> AttributePlan:
        if self.tier in {"equivalence", "quality_range"} and not (self.passes and self.margin_why.strip()):
            raise ValueError(f"{self.code}: a tier that decides says which decision passes (`passes`) and why its margin or range is right (`margin_why`)")
        if self.tier == "equivalence" and self.planned is None:
            raise ValueError(f"{self.code}: an equivalence test says what it was designed for (`planned`: sd, n_reference, n_test, source)")
        try:
            method = method_named(self.method)
        except WrongParameter as error:
            raise ValueError(f"{self.code}: {error}") from error
        known, parameters = {column.name for column in method.columns}, {parameter.name for parameter in method.parameters}
        for name in self.columns:
            if name not in known:
                raise ValueError(f"{self.code}: {self.method} has no column {name!r}; it has {', '.join(sorted(known))}")
        for column in method.columns:
            if column.required and column.name not in self.columns:
                raise ValueError(f"{self.code}: {self.method} needs the column {column.name!r} ({column.meaning})")
        for name in self.parameters:
            if name not in parameters:
                raise ValueError(f"{self.code}: {self.method} has no parameter {name!r}; it has {', '.join(sorted(parameters))}")
        return self


class Subject(Strict):
    """What the study is about."""

    product: str
    change: str = ""
    sending_site: str = ""
    receiving_site: str = ""
    procedure: str = ""


class Protocol(Strict):
    """A protocol as it is approved and locked."""

    format: Literal["holdfast-study-protocol/1"] = FORMAT
    kind: Kind
    title: str = Field(min_length=1)
    objective: str = Field(min_length=1)
    subject: Subject
    arms: tuple[Arm, ...] = Field(min_length=1)
    attributes: tuple[AttributePlan, ...] = Field(min_length=1)
    keep_methods_apart: bool = True
    seed: int = 20260101
    simulations: int = Field(1000, ge=200, le=100_000)
    references: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _names_agree(self) -> Protocol:
        arms = [arm.name for arm in self.arms]
        if len(set(arms)) < len(arms):
            raise ValueError("two arms have the same name")
        codes = [plan.code for plan in self.attributes]
        if len(set(codes)) < len(codes):
            raise ValueError("an attribute is planned twice")
        for plan in self.attributes:
            for column, source in plan.columns.items():
                for arm in source.arms:
                    if arm not in arms:
                        raise ValueError(f"{plan.code}: column {column} reads the arm {arm!r}, which the protocol does not have")
        if self.kind == "comparability" and not self.subject.change:
            raise ValueError("a comparability study names the change it is about (`subject.change`)")
        return self


def read_protocol(text: str, name: str = "protocol") -> Protocol:
    """A protocol from YAML. Raises `Problems` that name the field and what to do."""
    try:
        given: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Problems([Problem(name, f"The file is not YAML: {getattr(error, 'problem', error)}.", row=mark.line + 1 if mark else None)]) from error
    if not isinstance(given, dict):
        raise Problems([Problem(name, "The file holds no protocol.", "Begin with `kind:`, `title:` and `objective:`; see docs/guide/studies.md.")])
    return protocol_of(given, name)


def protocol_of(given: dict[str, Any], name: str = "protocol") -> Protocol:
    """A protocol from JSON values. Raises `Problems`."""
    try:
        return Protocol.model_validate(given)
    except ValidationError as error:
        found = [
            Problem(name, f"{each['msg'].removeprefix('Value error, ')}.", column=".".join(str(part) for part in each["loc"]) or None)
            for each in error.errors()
        ]
        raise Problems(found) from error


__all__ = ["FORMAT", "KIND_NAMES", "Arm", "AttributePlan", "ColumnSource", "Kind", "Planned", "Protocol", "Subject", "protocol_of", "read_protocol"]
