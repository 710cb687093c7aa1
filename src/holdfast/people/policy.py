"""Who may do what: predicates on the roles a person holds on a day. A system administrator holds no quality authority."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from holdfast.ledger.models import Programme

from .models import Person, Role, RoleName

#: what a person must be to sign a decision, by question
SIGNS: dict[str, RoleName] = {
    "us_disposition": RoleName.QUALITY_UNIT,
    "eu_certification": RoleName.QP,
    "sponsor_release": RoleName.SPONSOR_RELEASE,
}
#: roles that may be the second signature under an override
QUALITY_ROLES = {RoleName.QUALITY_UNIT, RoleName.QP}
#: roles that draft a study's protocol, take its data, and record exclusions, departures and pulls
STUDY_ROLES = {RoleName.CMC_LEAD, RoleName.REGULATORY, *QUALITY_ROLES}
#: roles that say why two registrations differ, and what becomes of it
CLASS_ROLES = {RoleName.CMC_LEAD, RoleName.REGULATORY, *QUALITY_ROLES}


def holding(on: date) -> Q:
    """Rows with a validity that certainly hold on a day: an end that nobody stated does not count."""
    return Q(valid_from__lte=on) & (Q(valid_until__gte=on) | Q(valid_until__isnull=True, until_stated=True)) & Q(voided_at__isnull=True)


def roles_held(person: Person, programme: Programme, on: date) -> set[str]:
    """Roles that a person holds on a programme on a day."""
    return set(Role.objects.filter(holding(on), person=person, programme=programme).values_list("role", flat=True))


def programmes_where(person: Person, roles: set[str], on: date) -> list[Programme]:
    """Programmes that the open identity sees and where a person holds one of these roles on a day, by number."""
    held = Role.objects.filter(holding(on), person=person, role__in=roles).values("programme")
    return list(Programme.objects.filter(pk__in=held).order_by("number"))


def may_sign(question: str, roles: set[str]) -> bool:
    """Whether these roles let a person sign a decision on this question."""
    if RoleName.SYSTEM_ADMINISTRATOR in roles:
        return False
    return SIGNS[question] in roles


def may_countersign(roles: set[str]) -> bool:
    """Whether these roles let a person be the second signature under an override."""
    return RoleName.SYSTEM_ADMINISTRATOR not in roles and bool(roles & QUALITY_ROLES)


def may_adopt(roles: set[str]) -> bool:
    """Whether these roles let a person adopt rule packs, end them and set their figures: what batches are judged by is the Quality Unit's to say."""
    return RoleName.SYSTEM_ADMINISTRATOR not in roles and RoleName.QUALITY_UNIT in roles


def may_administer(roles: set[str]) -> bool:
    """Whether these roles let a person change who may do what: organisations, persons, roles and grants. They hold no quality authority."""
    return RoleName.SYSTEM_ADMINISTRATOR in roles


def may_review_access(roles: set[str]) -> bool:
    """Whether these roles let a person see, line by line, who may do what."""
    return bool(roles & {RoleName.SYSTEM_ADMINISTRATOR, RoleName.INSPECTOR, *QUALITY_ROLES})


def may_review_audit_trail(roles: set[str]) -> bool:
    """Whether these roles let a person review and sign what the ledger says: a quality role, and not who administers the system."""
    return RoleName.SYSTEM_ADMINISTRATOR not in roles and bool(roles & QUALITY_ROLES)


def may_class_differences(roles: set[str]) -> bool:
    """Whether these roles let a person say why the US and the EU registration of a product differ, and who owns the difference."""
    return bool(roles & CLASS_ROLES)
