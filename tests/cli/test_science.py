"""The statistical methods from the command line: numbers for whoever only wants the numbers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import zip_longest
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from holdfast.cli import holdfast
from holdfast.science import METHODS, method_named

pytestmark = pytest.mark.req("6.8")
WITHOUT_DJANGO = """
import sys
for name in ("django", "psycopg"):
    sys.modules[name] = None  # an import of it fails from here on
from holdfast.cli import main
main()
"""
LONG = "assay [%],site\n98.2,Old\n101.4,Old\n95.9,Old\n104.1,Old\n99.8,Old\n103.0,New\n99.1,New\n106.2,New\n102.6,New\n"
WIDE = "reference,test\n98.2,103.0\n101.4,99.1\n95.9,106.2\n104.1,102.6\n99.8,\n"
MARGINS = ["--param", "lower=-12", "--param", "upper=12"]
BY_SITE = ["--column", "reference=assay@site=Old", "--column", "test=assay@site=New"]


def call(*words: str) -> Result:
    return CliRunner().invoke(holdfast, ["science", *words])


@pytest.fixture
def long(tmp_path: Path) -> str:
    (tmp_path / "batches.csv").write_text(LONG, "utf-8")
    return str(tmp_path / "batches.csv")


def test_every_method_is_listed() -> None:
    assert [each["name"] for each in json.loads(call("list", "--json").stdout)] == list(METHODS)


@pytest.mark.parametrize("name", METHODS)
def test_every_method_explains_itself(name: str) -> None:
    answer = call("show", name)
    assert answer.exit_code == 0
    assert answer.stdout.startswith(f"{name} (version ")


def test_a_long_table_gives_every_number_as_json(long: str) -> None:
    answer = call("run", "tost-welch", long, *BY_SITE, *MARGINS, "--json")
    found = json.loads(answer.stdout)
    assert found["decision"] == "equivalent"
    assert found["quantities"]["difference"] == pytest.approx(2.845, abs=1e-12)
    assert found["units"]["difference"] == "%"
    assert found["counts"] == {"reference": 5, "test": 4}


def test_a_wide_table_with_columns_of_different_length_gives_the_same(long: str, tmp_path: Path) -> None:
    (tmp_path / "wide.csv").write_text(WIDE, "utf-8")
    wide = call("run", "tost-welch", str(tmp_path / "wide.csv"), *MARGINS, "--unit", "reference=%", "--unit", "test=%", "--json")
    assert json.loads(wide.stdout) == json.loads(call("run", "tost-welch", long, *BY_SITE, *MARGINS, "--json").stdout)


@pytest.mark.parametrize("name", METHODS)
def test_every_method_runs_on_a_file_and_gives_what_it_gives_in_python(name: str, tmp_path: Path) -> None:
    of = method_named(name)
    columns = {key: [str(each) for each in values] for key, values in of.example.columns.items()}
    rows = zip_longest(*columns.values(), fillvalue="")
    (tmp_path / "data.csv").write_text("\n".join([",".join(columns), *(",".join(row) for row in rows)]), "utf-8")
    words = [f"{key}={','.join(map(str, each)) if isinstance(each, (list, tuple)) else each}" for key, each in of.example.parameters.items()]
    data = [str(tmp_path / "data.csv")] if columns else []
    answer = call("run", name, *data, *(part for word in words for part in ("--param", word)), "--json")
    assert answer.exit_code == 0, answer.stderr
    assert json.loads(answer.stdout) == json.loads(json.dumps(of(**columns, **of.example.parameters).as_dict()))


def test_rows_read_together_must_all_be_there(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("time,value\n0,101.2\n3,100.4\n6,100.1\n9,\n", "utf-8")
    answer = call("run", "oot-regression", str(tmp_path / "data.csv"), "--param", "new_time=12", "--param", "new_value=99")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert "time has 4, value has 3 rows" in answer.stderr


def test_without_json_the_sentence_comes_first(long: str) -> None:
    answer = call("run", "tost-welch", long, *BY_SITE, *MARGINS)
    assert answer.stdout.startswith("The mean difference (test minus reference) was 2.845 %")
    assert "Source: Welch BL (1947)" in answer.stdout


@pytest.mark.parametrize(
    ("table", "words", "said"),
    [
        (LONG.replace("103.0", "<95"), MARGINS + BY_SITE, "test, value 1, is <95: it has no number"),
        (LONG.replace("103.0", "n.d."), MARGINS + BY_SITE, "batches.csv, row 7, column assay"),
        (LONG.replace("103.0", ""), MARGINS + BY_SITE, "row 7, column assay"),
        (LONG.replace("103.0", "103,0"), MARGINS + BY_SITE, "batches.csv, row 7: The row has 3 fields and the header 2."),
        (LONG, ["--param", "lower=-12", *BY_SITE], "The parameter upper is missing"),
        (LONG, [*MARGINS, "--column", "reference=assay@site=Older", "--column", "test=assay@site=New"], "No row has site = 'Older'"),
        (LONG, [*MARGINS, "--column", "reference=essay", "--column", "test=assay@site=New"], "There is no column 'essay'"),
    ],
)
def test_what_cannot_be_read_is_refused_by_place_and_nothing_is_computed(table: str, words: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "batches.csv").write_text(table, "utf-8")
    answer = call("run", "tost-welch", str(tmp_path / "batches.csv"), *words)
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert said in answer.stderr


def test_a_parameter_given_twice_is_wrong_usage(long: str) -> None:
    assert call("run", "tost-welch", long, *MARGINS, "--param", "lower=-1").exit_code == 2


def test_it_needs_neither_django_nor_a_database(long: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO, "science", "run", "tost-welch", long, *BY_SITE, *MARGINS, "--json"],
        capture_output=True, text=True, check=False, env={**os.environ, "HOLDFAST_HOME": "/proc/nowhere"},
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["decision"] == "equivalent"


def test_help_does_not_pay_for_numbers() -> None:
    program = "import sys\nfrom holdfast.cli import holdfast\nholdfast(['science', '--help'], standalone_mode=False)\nassert 'numpy' not in sys.modules"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
