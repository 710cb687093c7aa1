"""Proficiency testing (ISO 13528): robust assigned values, scores, homogeneity and stability of the items, Youden pairs."""

METHODS: dict[str, str] = {
    "algorithm-a": "algorithm_a:algorithm_a",
    "algorithm-s": "algorithm_s:algorithm_s",
    "q-hampel": "q_hampel:q_hampel",
    "median-niqr": "median_niqr:median_niqr",
    "proficiency-scores": "scores:proficiency_scores",
    "homogeneity": "homogeneity:homogeneity",
    "item-stability": "item_stability:item_stability",
    "youden-pairs": "youden_pairs:youden_pairs",
    "horwitz": "horwitz:horwitz",
}
