"""Control charts with their run rules, and change points."""

METHODS: dict[str, str] = {}
