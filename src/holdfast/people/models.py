"""Organisations, sites, persons, roles, grants, training; and log-in accounts, which are apart."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from holdfast.ledger.models import Access, Fact, Programme, Regulated, Valid


class OrganisationKind(models.TextChoices):
    SPONSOR = "sponsor", "Sponsor"
    CDMO = "cdmo", "CDMO"
    LABORATORY = "laboratory", "Contract testing laboratory"
    QP_SERVICE = "qp_service", "QP service"
    IMPORTER = "importer", "Importer"
    CONSULTANCY = "consultancy", "Consultancy"
    COLLECTION_CENTRE = "collection_centre", "Collection centre"
    SUPPLIER = "supplier", "Supplier"
    INSPECTORATE = "inspectorate", "Inspectorate"


class Organisation(Regulated):
    """A company, laboratory, supplier or authority: in the directory that everybody who is signed in can read."""

    access = Access.DIRECTORY
    natural_key = ("number",)
    sheet = "organisations"

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=OrganisationKind)
    country = models.CharField(max_length=2)

    def __str__(self) -> str:
        return self.name


class Site(Regulated):
    """A place where an organisation works, as authorisations name it."""

    access = Access.DIRECTORY
    natural_key = ("number",)
    sheet = "sites"

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=40, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=300)
    country = models.CharField(max_length=2)  # ISO 3166-1 alpha-2
    time_zone = models.CharField(max_length=64)  # IANA

    def __str__(self) -> str:
        return self.name


class Person(Regulated):
    """A person, by the name that is printed with a signature. A log-in is apart from it."""

    access = Access.DIRECTORY
    natural_key = ("number",)
    sheet = "people"

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=40, unique=True)
    printed_name = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    email = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.printed_name


class RoleName(models.TextChoices):
    QUALITY_UNIT = "quality_unit", "Quality Unit"
    QP = "qp", "Qualified Person"
    CMC_LEAD = "cmc_lead", "CMC lead"
    REGULATORY = "regulatory", "Regulatory affairs"
    PRODUCTION = "production", "Production"
    ANALYST = "analyst", "Analyst"
    SPONSOR_RELEASE = "sponsor_release", "Sponsor release"
    READER = "reader", "Reader"
    INSPECTOR = "inspector", "Inspector"
    SYSTEM_ADMINISTRATOR = "system_administrator", "System administrator"


class Role(Valid, Fact):
    """A role that a person holds on a programme, between two dates."""

    access = Access.COLLEAGUES
    natural_key = ("person__number", "role", "valid_from")
    sheet = "roles"
    exception = "access"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=30, choices=RoleName)
    authority = models.CharField(max_length=200, blank=True)  # the document that gives it (a consultancy acts in writing)

    class Meta(Valid.Meta):
        abstract = False
        constraints = [
            *Valid.Meta.constraints,
            models.UniqueConstraint(fields=["programme", "person", "role", "valid_from"], name="role_once"),
        ]


class GrantExtent(models.TextChoices):
    WHOLE = "whole", "The whole programme"
    OWN_WORK = "own_work", "The work of its own sites"


class Grant(Valid, Fact):
    """What an organisation may see of a programme, between two dates, on what basis."""

    access = Access.COLLEAGUES
    natural_key = ("organisation__number", "extent", "valid_from")
    sheet = "grants"
    exception = "access"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="grants")
    extent = models.CharField(max_length=20, choices=GrantExtent)
    read_only = models.BooleanField(default=False)
    basis = models.CharField(max_length=200)

    class Meta(Valid.Meta):
        abstract = False
        constraints = [
            *Valid.Meta.constraints,
            models.UniqueConstraint(fields=["programme", "organisation", "extent", "valid_from"], name="grant_once"),
        ]


class Training(Valid, Fact):
    """A training of a person on a subject, between the day it was done and the day it must be repeated."""

    access = Access.COLLEAGUES
    natural_key = ("person__number", "subject", "document_version", "trained_on")
    sheet = "trainings"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="trainings")
    subject = models.CharField(max_length=120)
    document_version = models.CharField(max_length=40)
    trained_on = models.DateField()

    class Meta(Valid.Meta):
        abstract = False
        constraints = [
            *Valid.Meta.constraints,
            models.UniqueConstraint(fields=["programme", "person", "subject", "document_version", "trained_on"], name="training_once"),
        ]


class SigningAttempt(models.Model):
    """A refused attempt to sign: counted here so that several processes share a lock-out; also recorded in the ledger."""

    account = models.ForeignKey("people.Account", on_delete=models.CASCADE, related_name="+")
    attempted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "attempted_at"], name="signing_attempt_recent")]


class Bookmark(models.Model):
    """A record that a log-in looked at lately, or keeps at hand: a convenience. The record itself is read under the viewer's own identity."""

    account = models.ForeignKey("people.Account", on_delete=models.CASCADE, related_name="+")
    record_id = models.BigIntegerField()
    seen_at = models.DateTimeField()
    pinned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "record_id"], name="bookmark_once")]
        indexes = [models.Index(fields=["account", "-seen_at"], name="bookmark_recent")]


class SavedView(models.Model):
    """A view of the board under a name of its own: the filter as it stands in the address."""

    account = models.ForeignKey("people.Account", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="saved_view_once")]


class SignInAttempt(models.Model):
    """A refused attempt to sign in: counted here so that several processes share a lock-out; each is also in the ledger."""

    login_digest = models.CharField(max_length=64)  # of what was typed: it may be a password in the wrong field
    attempted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["login_digest", "attempted_at"], name="sign_in_attempt_recent")]


class Account(AbstractUser):
    """A log-in. Not regulated: it says who may try to sign in, never what was done (see THREAT_MODEL.md)."""

    person = models.OneToOneField(Person, null=True, on_delete=models.PROTECT, related_name="account")

    class Meta:
        verbose_name = "account"


class TokenScope(models.TextChoices):
    READ = "read", "Read only"
    WRITE = "write", "Read and write"


class ApiToken(models.Model):
    """What a script shows in the place of a sign-in: it is the person, for some time, for reading or for both. Only the secret's SHA-256 is kept."""

    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    secret_digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=10, choices=TokenScope)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("created_at")), name="api_token_ends_after_it_begins")]


class ApiAnswer(models.Model):
    """The first answer to a write under an idempotency key: written in the write's own transaction, so that neither stands without the other."""

    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)  # keyed: a body may hold a password
    asked_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(default=0)
    media_type = models.CharField(max_length=100, blank=True)
    body = models.BinaryField(default=b"")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="api_answer_once")]
        indexes = [models.Index(fields=["asked_at"], name="api_answer_age")]


class ApiUse(models.Model):
    """How often somebody (a token, an address) asked in one minute. Unlogged: after a crash everybody starts at none."""

    pk = models.CompositePrimaryKey("who", "minute")
    who = models.CharField(max_length=100)
    minute = models.BigIntegerField(db_index=True)  # since 1970
    count = models.PositiveIntegerField()


__all__ = [
    "Account",
    "ApiAnswer",
    "ApiToken",
    "ApiUse",
    "Grant",
    "GrantExtent",
    "Organisation",
    "OrganisationKind",
    "Person",
    "Programme",
    "Role",
    "RoleName",
    "Site",
    "TokenScope",
    "Training",
]
