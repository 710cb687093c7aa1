"""Before and after a change (ICH Q5E): equivalence, ranges, tolerance intervals, and what these rules are worth."""

METHODS = {
    "tost-one-sample": "tost_one_sample:tost_one_sample",
    "tost-pooled": "tost_pooled:tost_pooled",
    "tost-welch": "tost_welch:tost_welch",
    "tost-paired": "tost_paired:tost_paired",
    "tost-summary": "tost_summary:tost_summary",
    "geometric-mean-ratio": "geometric_mean_ratio:geometric_mean_ratio",
    "mean-ratio": "mean_ratio:mean_ratio",
    "hodges-lehmann": "hodges_lehmann:hodges_lehmann",
    "sd-ratio": "sd_ratio:sd_ratio",
    "posterior-equivalence": "posterior_equivalence:posterior_equivalence",
    "next-batches": "next_batches:next_batches",
    "tost-power": "tost_power:tost_power_at",
    "tost-sample-size": "tost_sample_size:tost_sample_size",
    "multiplicity": "multiplicity:multiplicity",
    "quality-range": "quality_range:quality_range",
    "rule-comparison": "rule_comparison:rule_comparison",
    "tolerance-interval": "tolerance_interval:tolerance_interval",
    "tolerance-lognormal": "tolerance_lognormal:tolerance_lognormal",
    "tolerance-censored": "tolerance_censored:tolerance_censored",
    "tolerance-nonparametric": "tolerance_nonparametric:tolerance_nonparametric",
}
