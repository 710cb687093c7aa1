"""What the database cannot help, in a sentence: a full disk, a server that went away, a clock set back. No Django, so that every face can ask."""

from __future__ import annotations


def database_trouble(error: BaseException) -> str | None:
    """One sentence for what the database cannot help: a full disk, a server that went away, a clock set back. None for anything else."""
    cause: BaseException | None = error
    while cause is not None and not type(cause).__module__.startswith("psycopg"):
        cause = cause.__cause__
    if cause is None:
        return None
    state = getattr(cause, "sqlstate", None) or ""
    said = (str(cause).strip().splitlines() or ["no message"])[0]
    if state == "HF007":
        return said
    if state == "53100":
        return f"The disk of the database is full ({said}). Nothing was written: make room and try again."
    if state == "25006":
        return f"The database is read-only ({said}): it is a replica. Write to the primary."
    if state.startswith(("53", "57P", "58", "08")) or (not state and type(cause).__name__ == "OperationalError"):
        return f"The database went away ({said}). What was not acknowledged was not written: see postgresql.log in the data folder, then try again."
    return None
