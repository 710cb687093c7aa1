"""Who may do what with a study."""

from __future__ import annotations

from holdfast.people.models import RoleName
from holdfast.people.policy import STUDY_ROLES

#: who approves a protocol and signs a conclusion
SIGNS = RoleName.QUALITY_UNIT


def may_work(roles: set[str]) -> bool:
    """Whether these roles let a person draft and carry out a study."""
    return bool(roles & STUDY_ROLES)


def may_approve(roles: set[str]) -> bool:
    """Whether these roles let a person approve a protocol or sign a conclusion. A system administrator holds no quality authority."""
    return RoleName.SYSTEM_ADMINISTRATOR not in roles and SIGNS in roles
