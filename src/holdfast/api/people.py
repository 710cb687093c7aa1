"""Who there is and who may do what: the directory, roles, grants, leavers, the review of access."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from holdfast.kernel.clock import today
from holdfast.kernel.errors import Refused
from holdfast.ledger.access import sees_whole
from holdfast.ledger.changes import change_set
from holdfast.ledger.models import Programme
from holdfast.people.actions import end_grant, end_role, give_role, leave
from holdfast.people.models import Grant, Organisation, Person, Role, Site
from holdfast.people.policy import QUALITY_ROLES, SIGNS, may_review_access, may_sign
from holdfast.people.review import access_review
from holdfast.people.signing import actor_of

from .access import caller, found, need_administrator, person, programme_of, roles_on
from .paging import page_of
from .problems import NotAllowed
from .routes import reads, writes
from .schema.base import Given, Key, Page, Paging
from .schema.people import (
    AccessReview,
    End,
    GrantsAsked,
    GrantShown,
    Kept,
    Leaver,
    Me,
    NewRole,
    OrganisationShown,
    PeopleAsked,
    PersonShown,
    Reviewed,
    RolesAsked,
    RoleShown,
    SiteShown,
)

router = Router()


@router.get("/me", response=reads(Me))
def show_me(request: HttpRequest) -> Any:
    """Who your token is, and what you may do today."""
    shown = []
    for programme in Programme.objects.order_by("number"):
        roles = roles_on(request, programme)
        signs = [question for question in SIGNS if may_sign(question, roles)]
        shown.append({"programme": programme.number, "sees_whole": sees_whole(programme.number), "roles": sorted(roles), "may_sign": signs})
    token, who = caller(request).token, person(request)
    return {"person": who, "organisation": who.organisation, "scope": token.scope, "expires_at": token.expires_at, "programmes": shown}


@router.get("/organisations", response=reads(Page[OrganisationShown]))
def list_organisations(request: HttpRequest, asked: Query[Paging]) -> Any:
    """Organisations: a directory that everybody sees."""
    return page_of(Organisation.objects.all(), asked, lambda row: row)


@router.get("/sites", response=reads(Page[SiteShown]))
def list_sites(request: HttpRequest, asked: Query[PeopleAsked]) -> Any:
    """Sites, of an organisation or of all."""
    return page_of(_of_organisation(Site.objects.all(), asked), asked, lambda row: row)


@router.get("/people", response=reads(Page[PersonShown]))
def list_people(request: HttpRequest, asked: Query[PeopleAsked]) -> Any:
    """Persons, of an organisation or of all."""
    return page_of(_of_organisation(Person.objects.all(), asked), asked, lambda row: row)


def _of_organisation(rows: QuerySet[Any], asked: PeopleAsked) -> QuerySet[Any]:
    return rows.filter(organisation=asked.organisation) if asked.organisation else rows


@router.get("/people/{key}", response=reads(PersonShown))
def show_person(request: HttpRequest, key: Path[Key]) -> Any:
    """One person."""
    return found(Person.objects.all(), pk=key)


@router.get("/roles", response=reads(Page[RoleShown]))
def list_roles(request: HttpRequest, asked: Query[RolesAsked]) -> Any:
    """Roles of persons on programmes, also those that ended."""
    rows = Role.objects.select_related("programme", "person")
    if asked.programme:
        rows = rows.filter(programme=programme_of(asked.programme))
    return page_of(rows.filter(person=asked.person) if asked.person else rows, asked, role_shown)


@router.get("/grants", response=reads(Page[GrantShown]))
def list_grants(request: HttpRequest, asked: Query[GrantsAsked]) -> Any:
    """What organisations may see of programmes, also what ended."""
    rows = Grant.objects.select_related("programme", "organisation")
    return page_of(rows.filter(programme=programme_of(asked.programme)) if asked.programme else rows, asked, grant_shown)


def role_shown(row: Role) -> dict[str, Any]:
    """A role, with the names of its person and programme."""
    return {**_plain(row), "programme": row.programme.number, "person": row.person.printed_name}


def grant_shown(row: Grant) -> dict[str, Any]:
    """A grant, with the names of its organisation and programme."""
    return {**_plain(row), "programme": row.programme.number, "organisation": row.organisation.name}


def _plain(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@router.post("/roles", response=writes(RoleShown, 201))
def add_role(request: HttpRequest, given: NewRole) -> Any:
    """Give a person a role on a programme. For its system administrator; nobody gives themselves one."""
    programme = programme_of(given.programme)
    need_administrator(request, programme)
    who = found(Person.objects.all(), pk=given.person)
    if who.pk == person(request).pk:
        raise NotAllowed("Nobody gives themselves a role.")
    if given.valid_until and given.valid_until < given.valid_from:
        raise Refused(f"The role would end on {given.valid_until}, before it begins on {given.valid_from}.")
    with change_set(actor_of(person(request)), action="give role", reason=given.reason, programme=programme) as opened:
        made = give_role(opened, who, given.role, valid_from=given.valid_from, valid_until=given.valid_until, authority=given.authority)
    return Status(201, role_shown(made))


@router.post("/roles/{key}/end", response=writes(RoleShown))
def finish_role(request: HttpRequest, key: Path[Key], given: End) -> Any:
    """End a role: it held until that day, included. For the programme's system administrator."""
    role = found(Role.objects.select_related("programme", "person"), pk=key)
    _check_end(request, role, given)
    with change_set(actor_of(person(request)), action="end role", reason=given.reason, programme=role.programme) as opened:
        return role_shown(end_role(opened, role, on=given.on))


@router.post("/grants/{key}/end", response=writes(GrantShown))
def finish_grant(request: HttpRequest, key: Path[Key], given: End) -> Any:
    """End what an organisation may see. For the programme's system administrator."""
    grant = found(Grant.objects.select_related("programme", "organisation"), pk=key)
    _check_end(request, grant, given)
    with change_set(actor_of(person(request)), action="end grant", reason=given.reason, programme=grant.programme) as opened:
        return grant_shown(end_grant(opened, grant, on=given.on))


def _check_end(request: HttpRequest, row: Role | Grant, given: End) -> None:
    need_administrator(request, row.programme)
    if row.voided_at is not None:
        raise Refused("It is voided, so there is nothing to end.")
    if row.valid_from and given.on < row.valid_from:
        raise Refused(f"It would end on {given.on}, before it begins on {row.valid_from}.")


@router.post("/programmes/{number}/leavers", response=writes(list[RoleShown]))
def person_leaves(request: HttpRequest, number: Path[Given], given: Leaver) -> Any:
    """A person leaves a programme: every role that they hold on it ends. Their log-in, which may serve other programmes, is closed by `holdfast user leave`."""
    programme = programme_of(number)
    need_administrator(request, programme)
    who = found(Person.objects.all(), pk=given.person)
    with change_set(actor_of(person(request)), action="person leaves", reason=given.reason, programme=programme) as opened:
        ended = leave(opened, who, on=given.on)
    return [role_shown(role) for role in ended]


@router.get("/programmes/{number}/access-review", response=reads(AccessReview))
def review_access(request: HttpRequest, number: Path[Given]) -> Any:
    """Who may do what on a programme today, line by line. For its Quality Unit, QP, inspector and system administrator."""
    programme = programme_of(number)
    if not may_review_access(roles_on(request, programme)):
        raise NotAllowed(f"Access to {number} is reviewed by its Quality Unit, QP, inspector or system administrator.")
    return _review_of(programme)


def _review_of(programme: Programme) -> dict[str, Any]:
    lines = [asdict(line) for line in access_review(today()) if line.programme == programme.number]
    stable = [{name: value for name, value in line.items() if name not in {"last_sign_in", "last_signature"}} for line in lines]
    digest = hashlib.sha256(json.dumps(stable, sort_keys=True, cls=DjangoJSONEncoder).encode()).hexdigest()
    return {"programme": programme.number, "on": today(), "sha256": digest, "lines": lines}


@router.post("/programmes/{number}/access-review", response=writes(Kept, 201))
def record_review(request: HttpRequest, number: Path[Given], given: Reviewed) -> Any:
    """Record that you reviewed who may do what, and what you concluded. For its Quality Unit and QP; refused when the list is another by now."""
    programme = programme_of(number)
    if not roles_on(request, programme) & QUALITY_ROLES:
        raise NotAllowed(f"A review of access to {number} is recorded by its Quality Unit or QP.")
    if _review_of(programme)["sha256"] != given.sha256:
        raise Refused("Who may do what is not as in the list that was reviewed. Read it again, and review that.")
    reason = f"{given.reason} (list of SHA-256 {given.sha256})"
    with change_set(actor_of(person(request)), action="access review", reason=reason, programme=programme) as opened:
        return Status(201, {"change_set": opened.id})
