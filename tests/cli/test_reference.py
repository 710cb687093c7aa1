"""The reference is whole: no command, setting, kind of record, rule or benchmark without its words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from holdfast.cli import COMMANDS, benchmarks_reference, records_reference, reference, rules_reference, settings_reference
from holdfast.dossier.schema import Dossier
from holdfast.exchange.programme.sheets import all_sheets
from holdfast.ledger.install import regulated_models
from holdfast.project.environment import SETTINGS
from holdfast.standards.library import shipped_packs

pytestmark = [pytest.mark.req("3.8")]
ROOT = Path(__file__).resolve().parents[2]
#: names of Django's settings, and not of variables
NOT_VARIABLES = {"HOLDFAST_KEYS"}


def sources() -> str:
    folder = ROOT / "src" / "holdfast"
    return "".join(path.read_text("utf-8") for path in folder.rglob("*.py") if path.name != "environment.py")


def test_every_variable_that_is_read_is_documented_and_none_that_is_not() -> None:
    read = set(re.findall(r"HOLDFAST_[A-Z_]+", sources())) - NOT_VARIABLES
    documented = {setting.name for setting in SETTINGS}
    assert (read - documented, documented - read) == (set(), set())
    page = settings_reference.settings()
    assert [setting.name for setting in SETTINGS if f"`{setting.name}`" not in page or not setting.meaning] == []


def test_every_command_stands_in_the_reference() -> None:
    page = reference.commands()
    assert [name for name in COMMANDS if f"## holdfast {name}\n" not in page] == []


def test_every_kind_of_record_has_its_words_columns_access_and_sheet() -> None:
    page = records_reference.records()
    assert [model.__name__ for model in regulated_models() if not records_reference.purpose_of(model)] == []
    for model in regulated_models():
        entry = page.partition(f"### {model.__name__}\n")[2].partition("\n### ")[0]
        assert f"access *{model.access.value}*" in entry, model
        sheet = all_sheets().get(model.sheet or "")
        assert (f"sheet `{sheet.name}`" if sheet else "sheet none") in entry
        assert [name for name in (sheet.columns if sheet else ()) if f"| `{name}` |" not in entry] == []


def test_every_rule_of_every_pack_stands_there_with_its_citations() -> None:
    page = rules_reference.rules()
    rules = [rule for pack in shipped_packs(Dossier) for rule in pack.rules]
    assert len(rules) >= 60
    for rule in rules:
        entry = "".join(part.partition("\n### ")[0] for part in page.split(f"### {rule.id} ")[1:])  # a rule may stand in several packs
        assert [cite.document for cite in rule.cite if cite.document not in entry] == [], rule.id


def test_every_benchmark_says_what_it_measures_and_how_to_run_it() -> None:
    found = benchmarks_reference.files(ROOT / "benchmarks")
    assert len(found) >= 5
    words = {path.stem: benchmarks_reference.words_of(path) for path in found}
    assert [name for name, said in words.items() if f"python -m benchmarks.{name}" not in said] == []
