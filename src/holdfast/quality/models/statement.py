"""A named person of the party that keeps a list says that it is complete to a day."""

from __future__ import annotations

from django.db import models

from holdfast.batch.models import Lot
from holdfast.ledger.models import Access, Detail
from holdfast.people.models import Organisation, Person, Site


class CompletenessStatement(Detail):
    """An empty list is evidence only with such a statement (docs/adr/0004)."""

    access = Access.WORK
    kind = "completeness_statement"
    sheet = "completeness_statements"
    natural_key = ("number",)
    work_of = "site"

    list = models.CharField(max_length=60)  # the list's name, as rules give it in `complete_by`
    party = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, null=True, on_delete=models.PROTECT, related_name="completeness_statements")
    complete_to = models.DateField()
    stated_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()
