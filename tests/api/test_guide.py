"""The guide's examples, run as they stand against a server on a port of this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from holdfast.api import problems
from tests.release.people import QUINN, decisions_on, lot

from .conftest import token_of

pytestmark = [pytest.mark.req("3.5"), pytest.mark.req("3.8")]
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "api.md"
SOURCES = Path(problems.__file__).parent


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        """Nothing: a test's output is for failures."""


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture
def server_address(demo: str) -> Iterator[str]:
    from holdfast.project.wsgi import application

    served = make_server("127.0.0.1", 0, application, Threads, Quiet)
    thread = threading.Thread(target=served.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()
    thread.join()
    served.server_close()


def examples() -> list[str]:
    """The commands of every block of shell in the guide, one each."""
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE.read_text("utf-8"), re.S)
    return [command for block in blocks for command in block.replace("\\\n", "").strip().splitlines()]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on this machine")
def test_every_example_of_the_guide_is_answered(server_address: str, tmp_path: Path) -> None:
    known = {"HOLDFAST": server_address, "TOKEN": token_of(QUINN, "read"), "WRITING": token_of(QUINN, "write")}
    known |= {"BATCH": str(lot("DP-26-004").pk), "READY": str(lot("DP-26-001").pk)}
    commands = examples()
    assert len(commands) == 10
    for command in commands:
        done = subprocess.run(["bash", "-c", command], env={**os.environ, **known}, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, (command, done.stdout[:400], done.stderr[:400])
    assert '"DP-26-001-US"' in done.stdout
    assert decisions_on("DP-26-001") == [("us_disposition", "released")]


def test_every_code_of_a_problem_is_explained_in_the_guide() -> None:
    text = "\n".join(path.read_text("utf-8") for path in SOURCES.glob("*.py"))
    codes = set(re.findall(r'problem\(\d{3}, "(\w+)"', text)) | {"already_decided", "decision_refused"}
    explained = set(re.findall(r"`(\w+)`", GUIDE.read_text("utf-8")))
    assert len(codes) >= 20
    assert codes - explained == set()
