"""The part of an address that stands for a name: lower case, letters and digits with hyphens. It changes only if the name does."""

from __future__ import annotations

import re
import unicodedata


def slug_of(name: str) -> str:
    """`EudraLex Volume 4 Annex 16` is `eudralex-volume-4-annex-16`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")
