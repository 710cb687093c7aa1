"""Change over time (ICH Q1E): poolability, shelf life, random batches, temperature, results out of trend."""

METHODS: dict[str, str] = {}
