"""Who takes part: organisations, sites, people, roles, grants, training. All fictional."""

from __future__ import annotations

from datetime import date

from sheets import Folder

START = date(2025, 1, 6)
OPEN = "open-ended"

ORGANISATIONS = [
    ("FHT", "Fernhill Therapeutics (fictional)", "sponsor", "US"),
    ("BCW", "Buckeye Cell Works (fictional)", "cdmo", "US"),
    ("TWB", "Tidewater Biofabrication (fictional)", "cdmo", "US"),
    ("CVX", "Corvid Vectors (fictional)", "cdmo", "US"),
    ("PLF", "Plasmid Forge (fictional)", "supplier", "US"),
    ("RGT", "Saltmarsh Reagents (fictional)", "supplier", "US"),
    ("LKA", "Lakeside Analytical (fictional)", "laboratory", "US"),
    ("NGM", "Northgate Microbiology (fictional)", "laboratory", "US"),
    ("MGX", "Meridian Genomics (fictional)", "laboratory", "NL"),
    ("WQP", "Waterland QP Services (fictional)", "qp_service", "NL"),
    ("PPI", "Polder Pharma Import (fictional)", "importer", "NL"),
    ("RMC", "Riverbend Medical Center (fictional)", "collection_centre", "US"),
    ("HCC", "Harbor CMC Consulting (fictional)", "consultancy", "US"),
    ("LRC", "Longview Regulatory Consulting (fictional)", "consultancy", "US"),
    ("EXI", "Example Inspectorate (fictional)", "inspectorate", "NL"),
]

SITES = [
    ("FHT-BOS", "FHT", "Fernhill, Boston", "1 Fictional Wharf, Boston, MA", "US", "America/New_York"),
    ("BCW-OH", "BCW", "Buckeye Cell Works, Columbus", "20 Invented Parkway, Columbus, OH", "US", "America/New_York"),
    ("TWB-MD", "TWB", "Tidewater, Rockville", "7 Imaginary Road, Rockville, MD", "US", "America/New_York"),
    ("CVX-NC", "CVX", "Corvid Vectors, Durham", "3 Made-up Drive, Durham, NC", "US", "America/New_York"),
    ("PLF-WA", "PLF", "Plasmid Forge, Seattle", "9 Pretend Street, Seattle, WA", "US", "America/Los_Angeles"),
    ("LKA-IL", "LKA", "Lakeside Analytical, Chicago", "44 Nowhere Avenue, Chicago, IL", "US", "America/Chicago"),
    ("NGM-NC", "NGM", "Northgate Microbiology, Raleigh", "12 Example Lane, Raleigh, NC", "US", "America/New_York"),
    ("MGX-NL", "MGX", "Meridian Genomics, Leiden", "5 Verzonnenstraat, Leiden", "NL", "Europe/Amsterdam"),
    ("WQP-NL", "WQP", "Waterland QP Services, Purmerend", "8 Denkbeeldigeweg, Purmerend", "NL", "Europe/Amsterdam"),
    ("PPI-NL", "PPI", "Polder Pharma Import, Hoofddorp", "2 Voorbeeldlaan, Hoofddorp", "NL", "Europe/Amsterdam"),
    ("RMC-OH", "RMC", "Riverbend Medical Center, apheresis unit", "100 Fabled Boulevard, Cincinnati, OH", "US", "America/New_York"),
]

#: number, printed name, organisation, roles, e-mail (only for those who sign in)
PEOPLE = [
    ("PER-001", "Quinn Adler", "FHT", ["quality_unit"], "quinn.adler@example.com"),
    ("PER-002", "Rowan Pike", "FHT", ["quality_unit"], "rowan.pike@example.com"),
    ("PER-003", "Mara Voss", "FHT", ["cmc_lead"], "mara.voss@example.com"),
    ("PER-004", "Femke Waterman", "WQP", ["qp"], "femke.waterman@example.com"),
    ("PER-005", "Joris Blom", "WQP", ["qp"], "joris.blom@example.com"),
    ("PER-006", "Dana Whitlock", "FHT", ["sponsor_release"], "dana.whitlock@example.com"),
    ("PER-007", "Theo Lund", "FHT", ["regulatory"], "theo.lund@example.com"),
    ("PER-008", "Imani Cole", "HCC", ["cmc_lead"], "imani.cole@example.com"),
    ("PER-009", "Alex Stone", "EXI", ["inspector"], "alex.stone@example.com"),
    ("PER-010", "Sam Keller", "FHT", ["system_administrator"], "sam.keller@example.com"),
    ("PER-011", "Noor Haddad", "FHT", ["reader"], "noor.haddad@example.com"),
    ("PER-012", "Ines Falk", "FHT", ["cmc_lead"], "ines.falk@example.com"),
    ("PER-013", "Tom Reed", "FHT", [], "tom.reed@example.com"),
    ("PER-014", "Edda Moss", "LRC", ["regulatory"], "edda.moss@example.com"),
    ("PER-021", "Nia Brooks", "BCW", ["production"], "nia.brooks@example.com"),
    ("PER-022", "Owen Tran", "BCW", ["production"], ""),
    ("PER-023", "Lucia Ferro", "BCW", ["production"], ""),
    ("PER-024", "Peter Hale", "BCW", ["reader"], ""),
    ("PER-031", "Grace Odum", "TWB", ["production"], "grace.odum@example.com"),
    ("PER-032", "Milo Hart", "TWB", ["production"], ""),
    ("PER-033", "Sofia Reyes", "TWB", ["reader"], ""),
    ("PER-041", "Ivan Petrak", "CVX", ["production"], ""),
    ("PER-051", "Hana Sato", "LKA", ["analyst"], "hana.sato@example.com"),
    ("PER-052", "Will Crane", "LKA", ["analyst"], ""),
    ("PER-061", "Ruth Amari", "NGM", ["analyst"], "ruth.amari@example.com"),
    ("PER-062", "Cole Winter", "NGM", ["analyst"], ""),
    ("PER-071", "Saskia Maas", "MGX", ["analyst"], ""),
    ("PER-072", "Daan Vries", "MGX", ["analyst"], ""),
    ("PER-081", "Priya Nair", "RMC", ["reader"], ""),
    ("PER-082", "Bas Kuiper", "PPI", ["reader"], ""),
]

WHOLE = {
    "FHT": "its own programme",
    "WQP": "QP services agreement QA-012",
    "HCC": "letter of authority LOA-2025-03: to read the whole programme",
    "LRC": "letter of authority LOA-2026-07: to keep registrations and changes up to date",
    "EXI": "inspection announcement EXI-26-118",
}
#: organisations that come for a time, and those that only read
FOR_A_TIME, READ_ONLY = {"HCC", "LRC", "EXI"}, {"HCC", "EXI"}
AUTHORITY = {"HCC": "letter of authority LOA-2025-03", "LRC": "letter of authority LOA-2026-07"}
UNTIL, LEFT_ON = date(2027, 3, 31), {"PER-012": date(2026, 6, 30)}


def add_parties(folder: Folder) -> None:
    """Organisations, sites, people, their roles and grants, and the training of those who sign or perform."""
    for number, name, kind, country in ORGANISATIONS:
        folder.add("organisations", number=number, name=name, kind=kind, country=country)
    for number, organisation, name, address, country, zone in SITES:
        folder.add("sites", number=number, organisation=organisation, name=name, address=address, country=country, time_zone=zone)
    for number, name, organisation, roles, email in PEOPLE:
        folder.add("people", number=number, printed_name=name, organisation=organisation, email=email)
        for role in roles:
            until = LEFT_ON.get(number) or (UNTIL if organisation in FOR_A_TIME else OPEN)
            folder.add("roles", person=number, role=role, valid_from=START, valid_until=until, authority=AUTHORITY.get(organisation, ""))
    for number, *_ in ORGANISATIONS:
        whole = number in WHOLE
        folder.add(
            "grants",
            organisation=number,
            extent="whole" if whole else "own_work",
            read_only=number in READ_ONLY,
            valid_from=START,
            valid_until=UNTIL if number in FOR_A_TIME else OPEN,
            basis=WHOLE.get(number, "quality agreement"),
        )
    add_trainings(folder)


def add_trainings(folder: Folder) -> None:
    """Training on the master batch record for who performs, on disposition or certification for who signs."""
    subjects = {"quality_unit": "batch disposition", "qp": "QP certification of ATMP", "sponsor_release": "sponsor release for use"}
    for number, _, organisation, roles, _ in PEOPLE:
        for role in roles:
            if role in subjects:
                folder.add("trainings", person=number, subject=subjects[role], document_version="3", trained_on=date(2026, 1, 12), valid_until=OPEN)
        if organisation in {"BCW", "TWB"}:
            folder.add("trainings", person=number, subject="MBR-201", document_version="2", trained_on=date(2025, 12, 1), valid_until=OPEN)
