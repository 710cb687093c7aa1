"""Change over time (ICH Q1E): poolability, shelf life, random batches, temperature, results out of trend."""

METHODS: dict[str, str] = {
    "shelf-life": "shelf_life:shelf_life",
    "shelf-life-random": "shelf_life_random:shelf_life_random",
    "shelf-life-simulation": "shelf_life_simulation:shelf_life_simulation",
    "extrapolation-limit": "extrapolation:extrapolation_limit",
    "regression-bounds": "regression_bounds:regression_bounds",
    "censored-line": "censored_line:censored_line",
    "release-limit": "release_limit:release_limit",
    "arrhenius-rates": "arrhenius_rates:arrhenius_rates",
    "arrhenius": "arrhenius:arrhenius",
    "slope-equivalence": "slope_equivalence:slope_equivalence",
    "oot-regression": "out_of_trend_regression:oot_regression",
    "oot-control-chart": "out_of_trend_chart:oot_control_chart",
    "oot-time-point": "out_of_trend_time_point:oot_time_point",
    "oot-slope": "out_of_trend_slope:oot_slope",
    "mean-kinetic-temperature": "mean_kinetic_temperature:mean_kinetic_temperature",
}
