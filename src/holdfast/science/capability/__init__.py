"""What a process can hold: capability, probability out of specification, guard bands, limits to justify a specification with."""

METHODS: dict[str, str] = {
    "capability": "capability:capability",
    "out-of-specification": "out_of_specification:out_of_specification",
    "capability-lognormal": "capability_lognormal:capability_lognormal",
    "capability-demonstration": "demonstration:capability_demonstration",
    "attribute-proportion": "attribute:attribute_proportion",
    "guard-band": "guard_band:guard_band",
    "specification-limits": "specification_limits:specification_limits",
}
