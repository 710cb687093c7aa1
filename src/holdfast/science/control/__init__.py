"""Watching a process: control charts with the run length of the rules in force, and changes of the mean."""

METHODS: dict[str, str] = {
    "individuals-chart": "individuals:individuals_chart",
    "xbar-r-chart": "subgroup_charts:xbar_r_chart",
    "xbar-s-chart": "subgroup_charts:xbar_s_chart",
    "ewma-chart": "weighted_charts:ewma_chart",
    "cusum-chart": "weighted_charts:cusum_chart",
    "attribute-chart": "attribute_charts:attribute_chart",
    "change-points": "change_points:change_points",
}
