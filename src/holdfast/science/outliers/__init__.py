"""Suspect values: named with their probability, never removed. A value is left out for an assignable cause only."""

METHODS: dict[str, str] = {
    "grubbs": "grubbs:grubbs",
    "dixon": "dixon:dixon",
    "extreme-deviates": "extreme_deviates:extreme_deviates",
    "hampel": "hampel:hampel",
}
