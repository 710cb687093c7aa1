"""Synthesis across sites, laboratories and studies: meta-analysis with the between-site variance."""

METHODS: dict[str, str] = {
    "meta-analysis": "meta_analysis:meta_analysis",
}
