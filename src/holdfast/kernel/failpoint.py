"""Named places where a fault can be made to happen, so that tests kill processes where it hurts and not where it is easy.

Nothing happens unless HOLDFAST_FAILPOINT names the place: `name=process` kills this process there, `name=database` the PostgreSQL server (its pid in
HOLDFAST_FAILPOINT_PID). SIGKILL, so that nothing gets a chance to tidy up.
"""

from __future__ import annotations

import os
import signal
import time

#: every place there is, in the order in which a run meets them
PLACES = (
    "import opened",
    "import sheet stored",
    "import before commit",
    "import committed",
    "decision locked",
    "decision documents kept",
    "decision signed",
    "decision before commit",
    "decision committed",
    "sealing begun",
    "sealing before commit",
    "sealing committed",
    "checkpoint kept",
)


def failpoint(place: str) -> None:
    """Die here, if that is what was asked for."""
    name, _, victim = os.environ.get("HOLDFAST_FAILPOINT", "").partition("=")
    if name != place:
        return
    if victim == "database":
        os.kill(int(os.environ["HOLDFAST_FAILPOINT_PID"]), signal.SIGKILL)
        time.sleep(0.05)  # let its children notice
    else:
        os.kill(os.getpid(), signal.SIGKILL)
