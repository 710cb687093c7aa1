"""What a mapping file says: how each column of somebody else's tables becomes part of a programme. Every column is named, or refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from holdfast.standards.positions import Positioned, read_positioned


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ToKey(Strict):
    """The column that names the batch; rows of several tables with the same value are one batch."""

    to: Literal["batch"]


class ToLotField(Strict):
    """A fact of the batch: its quantity, or the month in which its manufacture began."""

    to: Literal["lot"]
    field: Literal["quantity", "manufactured_month", "title"]
    months: dict[str, int] = {}  # words for months, for text like nov.18


class ToResult(Strict):
    """A test result, in one test run a batch and group."""

    to: Literal["result"]
    attribute: str
    name: str
    group: str
    unit: str = ""
    category: str = "other"
    stage: str = ""  # of the sample, where it differs from the mapping's: raw_material, in_process, ...


class ToProcessValue(Strict):
    """A value of the process as recorded for the batch."""

    to: Literal["process_value"]
    parameter: str
    unit: str = ""


class ToInput(Strict):
    """A raw-material lot that went into the batch; the same value in another row is the same lot."""

    to: Literal["input"]
    material: str
    number: str  # e.g. "API-{api_code}-{api_batch}": names of columns of the same row


class ToRepeat(Strict):
    """The column repeats another table's: each cell is compared, and a difference is a problem."""

    to: Literal["repeat"]
    of: str  # file:column


class ToPart(Strict):
    """The column is part of a number made elsewhere in this mapping."""

    to: Literal["part"]
    why: str


class ToNothing(Strict):
    """The column is left out, with the reason."""

    to: Literal["ignore"]
    why: str


Target = Annotated[ToKey | ToLotField | ToResult | ToProcessValue | ToInput | ToRepeat | ToPart | ToNothing, Field(discriminator="to")]


class TableMapping(Strict):
    """One file: how it is written, and what each column becomes."""

    file: str = Field(pattern=r"^[^/\\\x00]+$")  # beside the mapping, and nowhere else
    delimiter: str = ","
    encoding: str = "utf-8-sig"
    decimal_mark: Literal[".", ","] = "."
    columns: dict[str, Target]
    lookup: bool = False  # a table about something else than batches: every column is `ignore`


class Mapping(Strict):
    """A whole mapping: the programme it makes, sheets written out, and the tables."""

    title: str
    programme: dict[str, Any]
    batch_number: str  # e.g. "TAB-{:0>4}": how a batch is numbered from the key column
    batch: dict[str, str] = {}  # cells that every batch has alike, by column of the sheet `lots`
    test_run: dict[str, str] = {}  # cells that every test run has alike
    sample: dict[str, str] = {}
    sheets: dict[str, list[dict[str, str]]] = {}  # rows written here: organisations, sites, products, materials, procedures
    tables: list[TableMapping] = Field(min_length=1)


def read_mapping(file: str, text: str) -> Mapping:
    """Read a mapping file. Raises `PackProblem` with line and column for the first mistake."""
    document: Positioned = read_positioned(file, text)
    try:
        return Mapping.model_validate(document.data)
    except ValidationError as error:
        first = error.errors()[0]
        place = tuple(part for part in first["loc"] if part not in {"batch", "lot", "result", "process_value", "input", "repeat", "part", "ignore"})
        raise document.problem(place, f"{'.'.join(str(p) for p in first['loc'])}: {first['msg']}") from error


def mapping_schema() -> dict[str, Any]:
    """JSON Schema of the mapping format, for editors."""
    return Mapping.model_json_schema()
