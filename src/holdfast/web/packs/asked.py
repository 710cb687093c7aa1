"""What was typed on the page of an adoption."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest

from holdfast.kernel.errors import Refused
from holdfast.release.adopting import Wanted, shipped_text
from holdfast.release.figures import figures_typed
from holdfast.release.questions import DESTINATIONS
from holdfast.standards.phase_view import PHASES

MOST = 500_000  # bytes of a pack; the largest that is shipped has 100,000


@dataclass(frozen=True)
class AskedToAdopt:
    """A pack as it was chosen: a shipped one by its id, or a text of one's own with the name of its file."""

    programme: str = ""
    pack: str = ""
    text: str = ""
    file: str = ""
    regions: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    valid_from: str = ""
    reason: str = ""
    accepts_draft: bool = False
    figures: tuple[tuple[str, str, str], ...] = field(default=())  # name, value, reason: those that somebody gave a reason or another value

    @classmethod
    def of(cls, request: HttpRequest) -> AskedToAdopt:
        """What a request asks. Raises `Refused` for a file that is too large, or no text."""
        given = request.POST if request.method == "POST" else request.GET
        words = {name: given.get(name, "").replace("\0", "").strip()[:4000] for name in ("programme", "pack", "valid_from", "reason")}
        text, file = _text(request)
        return cls(
            **words, text=text, file=file, regions=tuple(one for one in DESTINATIONS if one in given.getlist("region")),
            phases=tuple(one for one in PHASES if one in given.getlist("phase")), accepts_draft=given.get("draft") == "yes", figures=_figures(given),
        )  # fmt: skip

    def wanted(self, today: date) -> Wanted:
        """The pack as it is to be adopted. Raises `Refused`."""
        if not self.text and not self.pack:
            raise Refused("Choose a pack, or a file of your own.")
        text, file = (self.text, self.file or "pack.yaml") if self.text else shipped_text(self.pack)
        try:
            day = date.fromisoformat(self.valid_from) if self.valid_from else today
        except ValueError as error:
            raise Refused("Give the first day like 2026-03-12.") from error
        return Wanted(text, file, day, self.regions, self.phases, figures_typed(text, self.figures), self.accepts_draft)


def _text(request: HttpRequest) -> tuple[str, str]:
    """The own pack's text and name: the file that was chosen now, or what the page kept of it. Line ends as a file has them, which browsers change."""
    file = request.FILES.get("file")
    if getattr(request, "upload_too_large", False) or (file is not None and (file.size or 0) > MOST):
        raise Refused(f"The file is larger than {MOST // 1000} kB, so it is no rule pack.")
    if file is None and request.POST.get("pack"):  # a shipped pack was chosen in the place of what the page kept
        return "", ""
    if file is None:
        return str(request.POST.get("text", "")).replace("\r\n", "\n"), str(request.POST.get("file_name", ""))[:200]
    try:
        return file.read().decode("utf-8").replace("\r\n", "\n"), (file.name or "pack.yaml")[:200]
    except UnicodeDecodeError as error:
        raise Refused(f"{file.name} is no text in UTF-8, so it is no rule pack.") from error


def _figures(given: Any) -> tuple[tuple[str, str, str], ...]:
    names = [name.removeprefix("figure-") for name in given if name.startswith("figure-")]
    typed = [(name, str(given[f"figure-{name}"]).strip(), str(given.get(f"why-{name}", "")).strip(), str(given.get(f"was-{name}", ""))) for name in names]
    return tuple((name, value[:400], reason[:2000]) for name, value, reason, was in typed if value != was or reason)
