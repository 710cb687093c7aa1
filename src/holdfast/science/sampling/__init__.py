"""Acceptance sampling: attribute plans, ISO 2859-1, plans by variables (s method), zero acceptance, content uniformity."""

METHODS: dict[str, str] = {
    "attribute-plan-oc": "attribute_oc:attribute_plan_oc",
    "attribute-plan-design": "attribute_design:attribute_plan_design",
    "double-plan-oc": "double_plan:double_plan_oc",
    "iso-2859-plan": "iso_2859:iso_2859_plan",
    "iso-2859-switching": "switching:iso_2859_switching",
    "variables-plan-oc": "variables_oc:variables_plan_oc",
    "variables-plan-design": "variables_oc:variables_plan_design",
    "variables-lot": "variables_lot:variables_lot",
    "zero-acceptance": "zero_acceptance:zero_acceptance",
    "content-uniformity": "content_uniformity:content_uniformity",
}
