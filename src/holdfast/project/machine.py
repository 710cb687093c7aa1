"""Who is at the command line, as this machine knows them."""

from __future__ import annotations

import os
import socket


def operator_name() -> str:
    """The operator as the ledger names them: by the account they run under, which they cannot choose, and the machine."""
    return f"operator {_account()} on {socket.gethostname() or 'this machine'}"


def _account() -> str:
    if not hasattr(os, "getuid"):
        return os.getlogin()
    import pwd  # not on Windows

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"
