"""Two procedures or laboratories side by side: regression, agreement, components of precision, total error."""

METHODS: dict[str, str] = {
    "deming": "deming:deming",
    "weighted-deming": "deming:weighted_deming",
    "york": "york:york",
    "passing-bablok": "passing_bablok:passing_bablok",
    "bland-altman": "bland_altman:bland_altman",
    "concordance": "concordance:concordance",
    "variance-components": "variance_components:variance_components",
    "variance-components-reml": "variance_components_reml:variance_components_reml",
    "accuracy-profile": "accuracy_profile:accuracy_profile",
    "laboratories": "laboratories:laboratories",
    "linearity": "linearity:linearity",
    "anova": "anova:anova",
    "bioassay-validation": "bioassay_validation:bioassay_validation",
    "method-transfer": "method_transfer:method_transfer",
}
