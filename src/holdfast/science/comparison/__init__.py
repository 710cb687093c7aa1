"""Two procedures or laboratories side by side: regression, agreement, components of precision, total error."""

METHODS: dict[str, str] = {}
