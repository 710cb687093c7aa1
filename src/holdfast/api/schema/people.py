"""People, organisations and what they may do, over the wire."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ninja import Schema
from pydantic import Field

from holdfast.people.models import RoleName

from .base import Body, Given, Key, Line, Moment, Paging, Reason


class OrganisationShown(Schema):
    id: int
    number: str
    name: str
    kind: str
    country: str


class SiteShown(Schema):
    id: int
    number: str
    organisation_id: int
    name: str
    address: str
    country: str
    time_zone: str


class PersonShown(Schema):
    id: int
    number: str
    printed_name: str
    organisation_id: int
    email: str


class Validity(Schema):
    """Days on which it holds, both included. No end and `until_stated`: open-ended. No end and not stated: nobody said, which is not the same."""

    valid_from: date | None
    valid_until: date | None
    until_stated: bool
    voided_at: Moment | None
    void_reason: str


class RoleShown(Validity):
    id: int
    programme: str
    person_id: int
    person: str
    role: str
    authority: str


class GrantShown(Validity):
    id: int
    programme: str
    organisation_id: int
    organisation: str
    extent: str
    read_only: bool
    basis: str


class MyRoles(Schema):
    """What you hold on a programme today, and what that lets you sign."""

    programme: str
    sees_whole: bool
    roles: list[str]
    may_sign: list[str]


class Me(Schema):
    """Whose token it is, and what it opens."""

    person: PersonShown
    organisation: OrganisationShown
    scope: str
    expires_at: Moment
    programmes: list[MyRoles]


class PeopleAsked(Paging):
    organisation: Key | None = None


class RolesAsked(Paging):
    programme: Given | None = None
    person: Key | None = None


class GrantsAsked(Paging):
    programme: Given | None = None


class NewRole(Body):
    programme: Line
    person: Key
    role: Literal[tuple(RoleName.values)]  # type: ignore[valid-type]
    valid_from: date
    valid_until: date | None = None
    authority: Given = ""
    reason: Reason


class End(Body):
    """The last day on which it holds."""

    on: date
    reason: Reason


class Leaver(Body):
    person: Key
    on: date
    reason: Reason


class AccessLineShown(Schema):
    person: str
    number: str
    organisation: str
    programme: str
    role: str
    role_from: date | None
    role_until: date | None
    authority: str
    sees: str
    log_in: str
    log_in_open: bool
    second_factor: str
    last_sign_in: Moment | None
    last_signature: Moment | None
    tokens: int


class AccessReview(Schema):
    """Who may do what on a programme today, and the SHA-256 of exactly this list, to review it by."""

    programme: str
    on: date
    sha256: str
    lines: list[AccessLineShown]


class Reviewed(Body):
    """What a review concluded, of the list with this SHA-256."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    reason: Reason


class Kept(Schema):
    """What was written: its entry in the ledger."""

    change_set: int
