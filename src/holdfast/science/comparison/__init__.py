"""Two procedures or laboratories side by side: regression, agreement, components of precision, total error."""

METHODS: dict[str, str] = {
    "deming": "deming:deming",
    "weighted-deming": "deming:weighted_deming",
    "york": "york:york",
    "passing-bablok": "passing_bablok:passing_bablok",
    "bland-altman": "bland_altman:bland_altman",
    "concordance": "concordance:concordance",
}
