"""The pages' own server killed, and PostgreSQL under it: what a browser was told is there, what it was not told is not half there."""

from __future__ import annotations

import contextlib
import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from holdfast.project import cluster, postgres
from holdfast.project.home import Home
from tests.faults import rounds
from tests.faults.worker import PASSWORD

pytestmark = [pytest.mark.req("3.4")]
QUINN = "quinn.adler@example.com"


class Browser:
    """A person at the pages: signs in, reads, decides."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=30) as answer:
            return str(answer.read().decode())

    def post(self, path: str, **data: str) -> str:
        """The address where the post led to. Raises `OSError` when it was not answered, or answered with an error."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path))
        assert token is not None
        content = urllib.parse.urlencode(data | {"csrfmiddlewaretoken": token[1]}).encode()
        with self.opener.open(self.address + path, content, timeout=30) as answer:
            return str(answer.url)

    def sign_in(self) -> None:
        assert self.post("/accounts/login/", login=QUINN, password=PASSWORD) == f"{self.address}/"

    def reject(self, batch: str) -> str:
        """Reject a batch; returns the decision's page."""
        return self.post(f"{batch}decide/us/", outcome="rejected", password=PASSWORD)

    def undecided(self) -> Iterator[str]:
        """Pages of drug-product batches on which the US has not decided."""
        for batch in dict.fromkeys(re.findall(r'href="(/batches/[0-9]+/)"', self.get("/"))):
            with contextlib.suppress(urllib.error.HTTPError):
                if 'name="outcome"' in self.get(f"{batch}decide/us/"):
                    yield batch


@contextmanager
def served(home: Path, fault: str = "") -> Iterator[Browser]:
    """`holdfast serve` in a session of its own; killed with every worker when the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    pid = str(cluster.postmaster(Home(home)))
    process = subprocess.Popen(
        [sys.executable, "-m", "holdfast.cli", "serve", "--port", str(port)],
        env=rounds.environment(home, HOLDFAST_FAILPOINT=fault, HOLDFAST_FAILPOINT_PID=pid),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Holdfast is at")
        yield Browser(port)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    base = Path("/var/tmp") if os.geteuid() == 0 else Path(tempfile.gettempdir())
    made = Path(tempfile.mkdtemp(prefix="holdfast-faults-", dir=base))
    made.chmod(0o711)
    rounds.prepare(made / "home")
    yield made / "home"
    with postgres.running(made / "home"):
        pass  # a killed server leaves PostgreSQL running: the last to leave stops it
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.parametrize("fault", ["decision before commit=process", "decision signed=database"])
def test_what_the_browser_was_told_is_there_and_what_it_was_not_told_is_not(home: Path, fault: str) -> None:
    journal = home.parent / "journal"
    with served(home) as browser:
        browser.sign_in()
        told = browser.reject(next(browser.undecided())).removeprefix(browser.address)
        number = re.search(r"<title>(.+?) · Holdfast</title>", browser.get(told))
        assert number is not None
    with journal.open("a") as file:
        file.write(json.dumps({"decision": number[1]}) + "\n")
    with postgres.running(home), served(home, fault) as browser:
        browser.sign_in()
        batch = next(browser.undecided())
        with pytest.raises(OSError):
            browser.reject(batch)
    with served(home) as browser:
        browser.sign_in()
        assert batch in list(browser.undecided())
        assert number[1] in browser.get(told)
    assert rounds.check(home, journal) == []


def test_a_database_that_dies_under_the_pages_is_started_again_by_them(home: Path) -> None:
    with served(home) as browser:
        browser.sign_in()
        pid = cluster.postmaster(Home(home))
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        until, answered, refusals = time.monotonic() + 60, "", []
        while not answered and time.monotonic() < until:
            time.sleep(0.2)
            try:
                answered = browser.get("/")
            except urllib.error.HTTPError as error:
                refusals.append((error.code, error.read().decode()))
            except (TimeoutError, urllib.error.URLError, ConnectionError):
                continue  # no answer is no page: asked again
        assert "DP-26-001" in answered, refusals[-1:]
        assert all(code == 503 and "The database cannot work now" in page for code, page in refusals)
        assert cluster.postmaster(Home(home)) != pid
