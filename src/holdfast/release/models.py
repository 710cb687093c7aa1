"""What a decision rests on and the decision itself. Documents are kept as the exact bytes that were signed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from holdfast.batch.models import Lot
from holdfast.ledger.models import Access, Derived, Detail, Fact, Programme, Signature, Valid
from holdfast.people.models import Person
from holdfast.programme.models import SiteAuthorisation


class Question(models.TextChoices):
    US_DISPOSITION = "us_disposition", "US disposition"
    EU_CERTIFICATION = "eu_certification", "EU certification"
    SPONSOR_RELEASE = "sponsor_release", "Sponsor's release for use"


class Outcome(models.TextChoices):
    RELEASED = "released", "Released"
    REJECTED = "rejected", "Rejected"
    CERTIFIED = "certified", "Certified"
    REFUSED = "refused", "Certification refused"
    RELEASED_FOR_USE = "released_for_use", "Released for use"
    WITHHELD = "withheld", "Withheld"


class DossierDocument(Fact):
    """A dossier that a decision rests on: canonical bytes, their digest, and the digest of the evidence alone."""

    access = Access.WHOLE

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="dossiers")
    question = models.CharField(max_length=30, choices=Question)
    digest = models.CharField(max_length=64)
    evidence_digest = models.CharField(max_length=64)
    schema_version = models.CharField(max_length=20)
    content = models.BinaryField()


class VerdictDocument(Fact):
    """The verdict on a dossier: canonical bytes with engine and pack versions inside."""

    access = Access.WHOLE

    dossier = models.OneToOneField(DossierDocument, on_delete=models.PROTECT, related_name="verdict")
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=20)
    engine_version = models.CharField(max_length=20)
    engine_digest = models.CharField(max_length=64)
    packs = models.TextField()  # "id version sha256", one a line
    content = models.BinaryField()


class PackDocument(Fact):
    """A rule pack exactly as it judged a decision, so that the verdict can be recomputed years later."""

    access = Access.WHOLE

    pack = models.CharField(max_length=80)
    version = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "sha256"], name="pack_document_once")]


class PackAdoption(Valid, Fact):
    """That a programme is judged by a version of a rule pack, from a day, in some regions and phases (none named: wherever the pack applies).

    The exact text is pinned, a shipped pack's as a sponsor's own. Of one pack the latest adoption that covers a batch counts; one that has ended leaves the
    batch without that pack, and does not bring an earlier one back.
    """

    access = Access.WHOLE

    document = models.ForeignKey(PackDocument, on_delete=models.PROTECT, related_name="adoptions")
    pack = models.CharField(max_length=80)
    is_own = models.BooleanField()  # no pack of this id is shipped: its rules never take the place of shipped ones
    is_draft = models.BooleanField()  # adopted by somebody who said that they knew
    regions = ArrayField(models.CharField(max_length=10), default=list)
    phases = ArrayField(models.CharField(max_length=20), default=list)
    reason = models.TextField()
    adopted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta(Valid.Meta):
        abstract = False
        constraints = [
            *Valid.Meta.constraints,
            models.CheckConstraint(condition=Q(valid_from__isnull=False), name="pack_adoption_has_a_day"),
            models.CheckConstraint(condition=~Q(reason=""), name="pack_adoption_has_reason"),
        ]


class PackFigure(Fact):
    """A sponsor's own value for a figure of an adopted pack, from a day, with its reason. The latest one counts."""

    access = Access.WHOLE

    adoption = models.ForeignKey(PackAdoption, on_delete=models.PROTECT, related_name="figures")
    name = models.CharField(max_length=80)
    value = models.JSONField()  # text, a whole number, a duration as text, or a list of texts: as the pack's own value is
    reason = models.TextField()
    valid_from = models.DateField()
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="pack_figure_has_reason")]


class Decision(Detail):
    """A decision that a person signed. US disposition, EU certification and the sponsor's release never merge."""

    access = Access.WHOLE
    kind = "decision"

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="decisions")
    question = models.CharField(max_length=30, choices=Question)
    outcome = models.CharField(max_length=30, choices=Outcome)
    dossier = models.OneToOneField(DossierDocument, on_delete=models.PROTECT, related_name="decision")
    signer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="+")  # a decision without one cannot exist
    decided_on = models.DateField()
    decided_at = models.DateTimeField()
    change_set_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "question"], name="one_standing_decision"),
            models.CheckConstraint(
                condition=Q(question="us_disposition", outcome__in=["released", "rejected"])
                | Q(question="eu_certification", outcome__in=["certified", "refused"])
                | Q(question="sponsor_release", outcome__in=["released_for_use", "withheld"]),
                name="outcome_answers_its_question",
            ),
        ]


class Override(Fact):
    """A rule decided in spite of: the reason, who gave it, and the second person who signed for it. Visible for ever."""

    access = Access.WHOLE
    exception = "override"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="overrides")
    rule = models.CharField(max_length=40)
    answer = models.CharField(max_length=20)
    reason = models.TextField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    second_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    second_signature = models.ForeignKey(Signature, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "rule"], name="override_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_reason"),
            models.CheckConstraint(condition=~Q(person=F("second_person")), name="override_signed_by_a_second_person"),
        ]


class RegisterEntry(Fact):
    """A line of the register of certified batches of one MIA(IMP): numbered without gaps (Reg. (EU) 536/2014 Art. 62)."""

    access = Access.WHOLE

    authorisation = models.ForeignKey(SiteAuthorisation, on_delete=models.PROTECT, related_name="register")
    line = models.PositiveIntegerField()
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="register_entry")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authorisation", "line"], name="register_line_once")]

    def __str__(self) -> str:
        return f"{self.authorisation.record.number} / {self.line}"


class StandingVerdict(Derived):
    """What the rules said of a batch when they were last asked: a cache for the board, from which nothing is decided.

    It rests on the first `leaves` change sets of the ledger's tree and on those in `apart`; the first change set that touches the batch and is none of
    these is `stale_since`. An open state is also of a day (`judged_on`) and of an engine with its packs (`judged_by`).
    """

    access = Access.WORK
    functions = ("holdfast.release", "board.sql")

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    scope_site_id = models.BigIntegerField(null=True)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="standing_verdicts")
    number = models.CharField(max_length=80)  # the batch's, with its patient and expiry: what the board is ordered and searched by
    patient = models.CharField(max_length=80, blank=True)
    expires_on = models.DateField(null=True)
    sorts_on = models.DateField()  # the expiry, or the last day there is
    question = models.CharField(max_length=30, choices=Question)
    state = models.CharField(max_length=20)  # ready | blocked | cannot_tell | decided | not_destined | not_judged
    is_flagged = models.BooleanField(default=False)
    blockers = ArrayField(models.CharField(max_length=40))
    unknown = ArrayField(models.CharField(max_length=40))
    fault = models.BigIntegerField(null=True)  # id of the stored record in which the first of these rules fails or finds nothing
    evidence_digest = models.CharField(max_length=64)
    judged_on = models.DateField(null=True)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.CharField(max_length=64)
    leaves = models.BigIntegerField()
    apart = ArrayField(models.BigIntegerField())
    stale_since = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "question"], name="standing_verdict_once")]
        indexes = [
            models.Index(fields=["question", "sorts_on", "number", "lot"], name="standing_verdict_by_expiry"),
            models.Index(fields=["question", "number", "lot"], name="standing_verdict_by_number"),
        ]


class BoardProgress(models.Model):
    """How many change sets of the tree have been looked at for a programme's standing verdicts, and which state of them this is: a number that no other
    state ever had. Written by the database's own functions only."""

    programme = models.OneToOneField(Programme, primary_key=True, on_delete=models.PROTECT, related_name="+")
    leaves = models.BigIntegerField()
    state = models.BigIntegerField(default=0, db_default=0)
