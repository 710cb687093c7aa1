"""Every kind of person, and how far each reaches: the columns of the access matrix, and the words of its cells.

What is said here is a claim about the database's policies and the faces' checks. `docs/reference/access.md` prints it for every table, page, command and
file, and the tests compare it with what the database and the pages answer each kind. A face registers what it offers with a `Reach`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from holdfast.ledger.models import Access

from .models import RoleName
from .policy import CLASS_ROLES, QUALITY_ROLES, STUDY_ROLES, may_sign


class Sees(enum.Enum):
    """How much of a programme an identity has in scope."""

    EVERYTHING = "everything"  # every programme: the operator of the machine
    WHOLE = "whole"
    WORK = "work"
    NOTHING = "nothing"  # identified, with no grant and role in force
    NOBODY = "nobody"  # not identified: a query is an error


@dataclass(frozen=True)
class Kind:
    """A kind of person (or identity), by what is in scope for it, whether it may write there, and the roles it holds."""

    name: str
    sees: Sees
    writes: bool = False
    roles: frozenset[str] = frozenset()
    has_log_in: bool = True
    is_person: bool = True


def _kind(name: str, sees: Sees, *roles: RoleName, writes: bool = False) -> Kind:
    return Kind(name, sees, writes, frozenset(roles))


KINDS = (
    _kind("CMC lead", Sees.WHOLE, RoleName.CMC_LEAD, writes=True),
    _kind("Quality Unit", Sees.WHOLE, RoleName.QUALITY_UNIT, writes=True),
    _kind("QP", Sees.WHOLE, RoleName.QP, writes=True),
    _kind("sponsor release", Sees.WHOLE, RoleName.SPONSOR_RELEASE, writes=True),
    _kind("CDMO", Sees.WORK, RoleName.PRODUCTION, writes=True),
    _kind("laboratory", Sees.WORK, RoleName.ANALYST, writes=True),
    _kind("consultancy that writes", Sees.WHOLE, RoleName.REGULATORY, writes=True),
    _kind("consultancy that reads", Sees.WHOLE, RoleName.CMC_LEAD),
    _kind("inspector", Sees.WHOLE, RoleName.INSPECTOR),
    _kind("reader", Sees.WHOLE, RoleName.READER),
    _kind("administrator", Sees.WHOLE, RoleName.SYSTEM_ADMINISTRATOR, writes=True),
    _kind("role ended", Sees.NOTHING),
    _kind("no role", Sees.NOTHING),
    Kind("log-in of no person", Sees.NOBODY, is_person=False),
    Kind("nobody", Sees.NOBODY, has_log_in=False, is_person=False),
    Kind("evaluator", Sees.WHOLE, has_log_in=False, is_person=False),
    Kind("operator", Sees.EVERYTHING, writes=True, has_log_in=False, is_person=False),
)


class Reach(enum.Enum):
    """Who gets what a page, a command or a file offers."""

    ANYBODY = "anybody"  # the sign-in page
    LOG_IN = "log-in"  # whoever is signed in, about their own log-in
    PERSON = "person"  # every person: a list of what they see
    RECORD = "record"  # who sees the record: by the scope of its work
    PROGRAMME = "programme"  # who sees anything of the programme: what they see of it
    WHOLE = "whole"  # who sees the whole programme; to others it is not there
    NEEDS_WHOLE = "needs whole"  # the same, and who sees a part of it is refused
    REVIEWS = "reviews"  # who may look at the access of others: a quality role, an inspector, the administrator
    ADMINISTERS = "administers"  # who changes who may do what
    QUALITY = "quality"  # a quality role, about the programmes where it is held
    PLANS = "plans"  # who drafts studies of a programme
    STUDIES = "studies"  # the same, on a study; it is not there for who sees a part of the programme
    CLASSES = "classes"  # who says why two registrations of a product differ
    US_DISPOSITION = "us_disposition"
    EU_CERTIFICATION = "eu_certification"
    SPONSOR_RELEASE = "sponsor_release"
    MACHINE = "machine"  # who can read the data folder
    MACHINE_AS = "machine as"  # the same, or under a named person's identity
    CLOSED = "closed"  # not offered to anybody


#: of those who see anything of a programme, the roles that a reach is for
ROLES = {Reach.REVIEWS: QUALITY_ROLES | {RoleName.INSPECTOR, RoleName.SYSTEM_ADMINISTRATOR}, Reach.ADMINISTERS: {RoleName.SYSTEM_ADMINISTRATOR}}
YES, OWN, ABSENT, REFUSED, SIGN_IN, SIGNS = "yes", "own work", "not there", "refused", "sign in", "signs"
SIGNED = {Reach.US_DISPOSITION, Reach.EU_CERTIFICATION, Reach.SPONSOR_RELEASE}


def page_cell(kind: Kind, reach: Reach) -> str:
    """What a page or a file answers a kind of person; the evaluator and the operator are not on the web and have no cell."""
    if reach is Reach.CLOSED:
        return ABSENT
    if not kind.has_log_in:
        return YES if reach is Reach.ANYBODY else SIGN_IN
    if reach in {Reach.ANYBODY, Reach.LOG_IN}:
        return YES
    if not kind.is_person:
        return REFUSED
    if reach is Reach.PERSON:
        return YES
    if reach is Reach.QUALITY:
        return YES if kind.roles & QUALITY_ROLES else REFUSED
    return _programme_cell(kind, reach)


def _programme_cell(kind: Kind, reach: Reach) -> str:
    """Of something that is of one programme: nothing there for who sees none of it."""
    if kind.sees is not Sees.WHOLE and kind.sees is not Sees.WORK:
        return ABSENT
    if reach in {Reach.PLANS, Reach.STUDIES}:
        return _study_cell(kind, reach)
    if reach is Reach.CLASSES:
        return YES if kind.sees is Sees.WHOLE and kind.writes and kind.roles & CLASS_ROLES else REFUSED
    if reach in SIGNED:
        return SIGNS if may_sign(reach.value, set(kind.roles)) else REFUSED
    if reach in ROLES:
        return YES if kind.roles & ROLES[reach] else REFUSED
    if kind.sees is Sees.WHOLE or reach is Reach.PROGRAMME:
        return YES
    return {Reach.WHOLE: ABSENT, Reach.NEEDS_WHOLE: REFUSED}.get(reach, OWN)


def _study_cell(kind: Kind, reach: Reach) -> str:
    """A study is of the whole programme: who sees a part of it does not see the study, and may plan none."""
    if kind.sees is not Sees.WHOLE and reach is Reach.STUDIES:
        return ABSENT
    return YES if kind.sees is Sees.WHOLE and kind.writes and kind.roles & STUDY_ROLES else REFUSED


def api_cell(kind: Kind, reach: Reach) -> str:
    """What an operation of the API answers: as a page, and without a token nothing. A token is a person's."""
    if not kind.is_person:
        return "no token"
    return page_cell(kind, reach)


def command_cell(kind: Kind, reach: Reach) -> str:
    """What a command of the machine does for a kind of person: most need its data folder, and a signature needs the signer."""
    if kind.name == "operator":
        return "asks the signer" if reach in SIGNED else YES
    if reach in SIGNED and may_sign(reach.value, set(kind.roles)):
        return SIGNS
    if reach is Reach.MACHINE_AS and kind.is_person:
        return {Sees.WHOLE: "sees all", Sees.WORK: "sees own work"}.get(kind.sees, "sees nothing")
    return YES if reach is Reach.ANYBODY else "–"


def table_cell(kind: Kind, access: Access) -> str:
    """Which rows of a regulated table the database shows a kind of person, and whether it lets them write those."""
    if kind.sees is Sees.NOBODY:
        return "error"
    if kind.sees is Sees.EVERYTHING:
        return "all, writes"
    if access is Access.DIRECTORY:
        return "all, writes" if kind.writes and kind.sees is Sees.WHOLE else "all"
    if kind.sees is Sees.NOTHING or (kind.sees is Sees.WORK and access is Access.WHOLE):
        return "nothing"
    if kind.sees is Sees.WORK:
        own = {Access.WORK: "own work", Access.COLLEAGUES: "own people"}.get(access, "all")
        return f"{own}, writes" if kind.writes and access is Access.WORK else own
    return "all, writes" if kind.writes else "all"


def computed_cell(kind: Kind, access: Access) -> str:
    """The same for a table that is computed from the record: only the evaluator writes it."""
    return table_cell(kind, access).removesuffix(", writes") + (", writes" if kind.name == "evaluator" else "")


def ledger_cell(kind: Kind, images: bool) -> str:
    """Which change sets, or (`images`) which images of rows, the database shows a kind of person. The application's role writes neither."""
    nothing = "directory" if images else "nothing"
    return {Sees.NOBODY: "error", Sees.EVERYTHING: "all", Sees.WHOLE: "all", Sees.WORK: "as the row" if images else "own work", Sees.NOTHING: nothing}[
        kind.sees
    ]
