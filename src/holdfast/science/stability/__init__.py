"""Change over time (ICH Q1E): poolability, shelf life, random batches, temperature, results out of trend."""

METHODS: dict[str, str] = {
    "shelf-life": "shelf_life:shelf_life",
    "shelf-life-random": "shelf_life_random:shelf_life_random",
    "slope-equivalence": "slope_equivalence:slope_equivalence",
    "oot-regression": "out_of_trend_regression:oot_regression",
    "oot-control-chart": "out_of_trend_chart:oot_control_chart",
    "oot-time-point": "out_of_trend_time_point:oot_time_point",
    "oot-slope": "out_of_trend_slope:oot_slope",
    "mean-kinetic-temperature": "mean_kinetic_temperature:mean_kinetic_temperature",
}
