"""Relative potency of biological assays: parallel lines, slope ratio, sigmoid curves, combination of assays."""

METHODS: dict[str, str] = {
    "parallel-line": "parallel_line:parallel_line",
    "slope-ratio": "slope_ratio:slope_ratio",
    "logistic-potency": "logistic_potency:logistic_potency",
    "potency-combination": "combination:potency_combination",
}
