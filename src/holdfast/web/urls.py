"""Addresses of the screens."""

from __future__ import annotations

from django.urls import path

from .batch.pages import batch
from .board.pages import board
from .decide.pages import decide
from .decisions.pages import certificate, decision, export
from .people.pages import access_review, access_review_csv
from .records.pages import record

urlpatterns = [
    path("", board, name="board"),
    path("batches/<int:lot>/", batch, name="batch"),
    path("batches/<int:lot>/decide/<slug:destination>/", decide, name="decide"),
    path("records/<int:key>/", record, name="record"),
    path("decisions/<int:key>/", decision, name="decision"),
    path("decisions/<int:key>/certificate.pdf", certificate, name="certificate"),
    path("decisions/<int:key>/decision.zip", export, name="export"),
    path("people/access-review/", access_review, name="access_review"),
    path("people/access-review.csv", access_review_csv, name="access_review_csv"),
]
