"""Molecular assays and dissolution: digital PCR, copies per cell, standard curves, similarity of profiles."""

METHODS: dict[str, str] = {
    "digital-pcr": "digital_pcr:digital_pcr",
    "vector-copy-number": "vector_copy_number:vector_copy_number",
    "qpcr-standard-curve": "standard_curve:qpcr_standard_curve",
    "dissolution-f2": "dissolution_f2:dissolution_f2",
}
