"""The report of a study, in the order that ICH Q5E and Module 3 expect: why, what, how chosen, results, what was left out, discussion, conclusion."""

from __future__ import annotations

from holdfast.documents.report import Block, Report, Section, facts, listing, picture, table, words
from holdfast.kernel.clock import now

from ..templatetags.holdfast import moment
from .reading import ArmData, Finding, StudyPage
from .words import WAITS

ROWS = ("Lot", "Arm", "Attribute", "Reported", "Test run", "Site", "Method", "State")
MEASURED = ("Attribute", "Results", "Sites", "Methods", "Unit", "Reported to")
JUDGED = ("Attribute", "Risk", "Tier and method", "Criterion", "Why")


def report_of_page(page: StudyPage) -> Report:
    """The report of a study in any state; one that is not concluded says so at its head and has no conclusion."""
    study, concluded = page.study, page.how.report
    standing = f"{concluded.get_conclusion_display()}, signed" if concluded else f"Not concluded ({page.how.state})"
    at = concluded.concluded_at if concluded else now()
    parts = [_introduction(page), _protocol(page), _design(page), _material(page)]
    parts += [_results(page), _left_out(page), _discussion(page)] if page.evaluation else []
    sections = (*parts, _conclusion(page), _signatures(page), *_annex(page))
    return Report(study.record.number, study.record.title, study.get_study_kind_display(), standing, study.programme.is_fictional, at, sections)


def _introduction(page: StudyPage) -> Section:
    study = page.study
    change = f"{study.change.record.number}: {study.change.record.title}" if study.change else "none named"
    subject = (("Product", f"{study.product.record.number}: {study.product.record.title}"), ("Change", change))
    references = ("References", "; ".join(page.protocol.references) or "none named")
    return Section("Objective and subject", (words(page.protocol.objective), facts(*subject, references)))


def _protocol(page: StudyPage) -> Section:
    locked = f"{moment(page.how.approval.signed_at)}, {page.how.approval.printed_name}" if page.how.approval else "not yet: a draft"
    arms = [(arm.arm.title, f"{arm.rule}. {arm.arm.why[:1].upper()}{arm.arm.why[1:]}.") for arm in page.arms]
    criteria = [_criterion(finding) for finding in page.findings]
    head = facts(
        ("Drafted by", page.study.drafted_by.printed_name), ("Locked", locked), ("Methods kept apart", "yes" if page.protocol.keep_methods_apart else "no")
    )
    return Section("Protocol: lots, attributes and acceptance criteria", (head, table(("Arm", "Rule, and why"), arms), table(JUDGED, criteria)))


def _criterion(finding: Finding) -> tuple[str, ...]:
    plan = finding.plan
    criterion = "; ".join(f"{label}: {value}" for label, value in finding.margins)
    return (plan.name, f"{plan.risk}: {plan.risk_why}", f"{plan.tier.replace('_', ' ')}, {plan.method}", criterion, plan.margin_why or "for information")


def _design(page: StudyPage) -> Section:
    lines = [f"{finding.plan.name}: {finding.designed}" + (f" {finding.plan.weak_accepted}" if finding.plan.weak_accepted else "") for finding in page.findings]
    curves = [block for finding in page.findings for block in picture(finding.curve)]
    return Section("Strength of the design", (listing(*lines), *curves))


def _material(page: StudyPage) -> Section:
    if not page.data:
        return Section("Lots and analytical procedures", (words("No data have been taken."),))
    return Section("Lots and analytical procedures", tuple(block for arm in page.arms for block in _arm(arm)))


def _arm(arm: ArmData) -> tuple[Block, ...]:
    lots = ", ".join(lot for lot, _ in arm.lots) or "none"
    passed = tuple(f"Passed over, {why}: {', '.join(lots)}" for why, lots in arm.passed_over)
    rows = [(one.name, str(one.count), ", ".join(one.sites), ", ".join(one.methods), ", ".join(one.units), one.digits) for one in arm.measured]
    return (
        words(f"{arm.arm.title}: {len(arm.lots)} lots ({lots}).", *passed),
        table(MEASURED, rows),
    )


def _results(page: StudyPage) -> Section:
    blocks = [*picture(page.forest)]
    for finding in page.findings:
        blocks += [words(f"{finding.plan.name}: {finding.answer}. {finding.says}", *finding.result.get("warnings", ())), *picture(finding.figure)]
    return Section("Results by attribute", tuple(blocks))


def _left_out(page: StudyPage) -> Section:
    rows = []
    for each in page.left_out:
        what = f"{each.without['name']} of {each.row.lot} ({each.row.run}): {each.row.reported} {each.row.unit}".rstrip()
        rows.append((what, f"{each.cause} ({each.by})", f"{each.without['answer']}. {each.says_without}", f"{each.with_all['answer']}. {each.says_with}"))
    excluded = table(("Left out", "Assignable cause", "Without it", "With every result"), rows) if rows else words("No result was left out.")
    departures = (page.evaluation or {}).get("departures", [])
    departed = [words(f"{each['what']} Impact: {each['impact']} ({each['by']})") for each in departures]
    return Section("Exclusions and departures from the protocol", (excluded, *(departed or [words("No departure from the protocol was recorded.")])))


def _discussion(page: StudyPage) -> Section:
    hinges = [finding.hinge for finding in page.findings if finding.hinge]
    lines = [f"{hinge.name}: {' '.join(hinge.sentences)}" for hinge in hinges]
    granted = {each["statement"] for finding in page.findings for each in finding.result.get("assumptions", ()) if not each["checked"]}
    changed = [f"{row.attribute} in {row.run}, frozen as {row.reported} {row.unit}: {why}." for row, why in page.changed]
    since = (words("The record has changed since the data were frozen:"), listing(*changed)) if changed else ()
    return Section("What would change the conclusion, and what is taken for granted", (listing(*lines, *sorted(granted)), *since))


def _conclusion(page: StudyPage) -> Section:
    report = page.how.report
    if report is None:
        return Section("Conclusion", (words(WAITS[page.how.state]),))
    said = page.evaluation["sentence"] if page.evaluation else ""
    return Section("Conclusion", (words(f"{report.get_conclusion_display()}. {report.reason}", said),))


def _signatures(page: StudyPage) -> Section:
    given = page.signatures
    rows = [(one.printed_name, f"{one.role.replace('_', ' ')}, {one.organisation}", one.meaning, moment(one.signed_at), one.digest) for one in given]
    return Section("Signatures", (table(("Name", "Role", "Meaning", "When", "SHA-256 of what was signed"), rows) if rows else words("Not signed."),))


def _annex(page: StudyPage) -> tuple[Section, ...]:
    results = [finding.result for finding in page.findings if finding.result]
    methods = [(each["title"], f"{each['method']} version {each['version']}", "; ".join(each["citations"]), each["digest"]) for each in results]
    digests = [("Protocol, SHA-256", page.study.protocol_digest), ("Seed of simulations", str(page.protocol.seed))]
    digests += [("Data, SHA-256", page.how.data_set.digest)] if page.how.data_set else []
    digests += [("Evaluation, SHA-256", page.how.report.evaluation_digest)] if page.how.report else []
    number = page.study.record.number
    verify = f"holdfast study export {number} {number}.zip, then holdfast verify {number}.zip: every number is computed again from the file alone."
    annex = Section(
        "Methods, digests and how to verify",
        (*([table(("Method", "Name and version", "Cited", "Digest of the result"), methods)] if methods else []), facts(*digests), words(verify)),
    )
    rows = [(row.lot, row.arm, row.attribute, f"{row.reported} {row.unit}".rstrip(), row.run, row.site, row.procedure, state) for row, state, _, _ in page.rows]
    return (annex, Section("Every result", (table(ROWS, rows),))) if rows else (annex,)
