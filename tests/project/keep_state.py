"""Keep the state of today's migrations, with data, for the upgrade test: `python -m tests.project.keep_state NAME`, before a migration is added.

Writes `upgrade/NAME.sql.xz` (pg_dump of the demonstration, as text) and `upgrade/NAME.pub.pem` (the key that its checkpoints are signed with, if it has any).
"""

from __future__ import annotations

import lzma
import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "upgrade"


def main(words: list[str]) -> int:
    from benchmarks.open import demonstration

    from holdfast.project import postgres
    from holdfast.project.binaries import programs

    with demonstration(), postgres.running() as server:
        command = [str(programs(server.home) / "pg_dump"), "--no-owner", "-d", server.url(postgres.OWNER)]
        dump = subprocess.run(command, check=True, capture_output=True, env={**os.environ, "LC_ALL": "C"}).stdout
        (FOLDER / f"{words[0]}.sql.xz").write_bytes(lzma.compress(dump, preset=9))
        key = server.home.keys / "export-key.pub.pem"
        if key.exists():  # something was signed
            (FOLDER / f"{words[0]}.pub.pem").write_bytes(key.read_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
