"""Addresses of the screens."""

from __future__ import annotations

from django.urls import path

from .alignment.pages import alignment, difference
from .appearance import preferences
from .batch.pages import batch, genealogy_file, trend
from .board.pages import board
from .decide.pages import decide
from .decisions.pages import certificate, decision, export
from .importing.pages import import_checked, import_errors, import_page
from .ledger.pages import change_set_page, ledger
from .ledger.review_pages import review_list, review_new, review_page
from .packs.pages import packs, packs_adopt
from .pattern.pages import pattern
from .people.pages import access_review, access_review_csv
from .phase.pages import phase
from .programme_map.pages import programme_map, programme_map_file
from .records.pages import entry, fact, links, record, source_file
from .reference.crosswalk import crosswalk as reference_crosswalk
from .reference.crosswalk import row as reference_row
from .reference.dictionary import attribute as reference_attribute
from .reference.dictionary import attribute_list as reference_dictionary
from .reference.documents import document as reference_document
from .reference.documents import document_list as reference_documents
from .reference.front import front as reference
from .reference.packs import pack as reference_pack
from .reference.packs import pack_list as reference_packs
from .reference.rule import rule as reference_rule
from .reference.rules import rule_list as reference_rules
from .search.pages import keep_view, palette, pin, search
from .start.pages import glossary, start, walk
from .studies.pages import studies, study, study_export, study_pdf, study_report
from .trends.pages import attribute_trend, attribute_trend_file, product_trends, trends
from .trends.review_pages import product_review

urlpatterns = [
    path("", board, name="board"),
    path("map/", programme_map, name="programme_map"),
    path("map/<int:programme>.<slug:form>", programme_map_file, name="programme_map_file"),
    path("alignment/", alignment, name="alignment"),
    path("products/<int:key>/differences/", difference, name="difference"),
    path("phase/", phase, name="phase"),
    path("batches/<int:lot>/", batch, name="batch"),
    path("batches/<int:lot>/trends/<int:attribute>/", trend, name="trend"),
    path("batches/<int:lot>/trends/<int:attribute>.<slug:form>", trend, name="trend_file"),
    path("batches/<int:lot>/genealogy.<slug:form>", genealogy_file, name="genealogy_file"),
    path("batches/<int:lot>/decide/<slug:destination>/", decide, name="decide"),
    path("trends/", trends, name="trends"),
    path("products/<int:product>/review/", product_review, name="product_review"),
    path("products/<int:product>/trends/", product_trends, name="product_trends"),
    path("products/<int:product>/trends/<int:attribute>/", attribute_trend, name="attribute_trend"),
    path("products/<int:product>/trends/<int:attribute>/<slug:which>.<slug:form>", attribute_trend_file, name="attribute_trend_file"),
    path("records/<int:key>/", record, name="record"),
    path("records/<int:key>/pin/", pin, name="pin"),
    path("directory/<slug:kind>/<int:key>/", entry, name="entry"),
    path("facts/<slug:table>/<int:key>/", fact, name="fact"),
    path("links/<slug:kind>/<int:key>/<slug:table>/<slug:field>/", links, name="links"),
    path("files/<int:key>/", source_file, name="source_file"),
    path("search/", search, name="search"),
    path("search/palette/", palette, name="palette"),
    path("start/", start, name="start"),
    path("start/walk/", walk, name="walk"),
    path("glossary/", glossary, name="glossary"),
    path("reference/", reference, name="reference"),
    path("reference/rules/", reference_rules, name="reference_rules"),
    path("reference/rules/<slug:rule_id>/", reference_rule, name="reference_rule"),
    path("reference/packs/", reference_packs, name="reference_packs"),
    path("reference/packs/<slug:pack_id>/", reference_pack, name="reference_pack"),
    path("reference/crosswalk/", reference_crosswalk, name="reference_crosswalk"),
    path("reference/crosswalk/<slug:row_id>/", reference_row, name="reference_row"),
    path("reference/dictionary/", reference_dictionary, name="reference_dictionary"),
    path("reference/dictionary/<slug:entry_id>/", reference_attribute, name="reference_attribute"),
    path("reference/documents/", reference_documents, name="reference_documents"),
    path("reference/documents/<slug:slug>/", reference_document, name="reference_document"),
    path("views/", keep_view, name="keep_view"),
    path("decisions/<int:key>/", decision, name="decision"),
    path("decisions/<int:key>/certificate.pdf", certificate, name="certificate"),
    path("decisions/<int:key>/decision.zip", export, name="export"),
    path("studies/", studies, name="studies"),
    path("studies/<path:number>/study.zip", study_export, name="study_export"),
    path("studies/<path:number>/report.pdf", study_pdf, name="study_pdf"),
    path("studies/<path:number>/report/", study_report, name="study_report"),
    path("studies/<path:number>/", study, name="study"),
    path("ledger/", ledger, name="ledger"),
    path("ledger/reviews/", review_list, name="audit_trail_reviews"),
    path("ledger/reviews/new/", review_new, name="audit_trail_review_new"),
    path("ledger/reviews/<int:key>/", review_page, name="audit_trail_review"),
    path("ledger/<int:key>/", change_set_page, name="change_set"),
    path("import/", import_page, name="import"),
    path("import/checked/", import_checked, name="import_checked"),
    path("import/errors.csv", import_errors, name="import_errors"),
    path("packs/", packs, name="packs"),
    path("packs/adopt/", packs_adopt, name="packs_adopt"),
    path("preferences/", preferences, name="preferences"),
    path("pattern/", pattern, name="pattern"),
    path("people/access-review/", access_review, name="access_review"),
    path("people/access-review.csv", access_review_csv, name="access_review_csv"),
]
