"""Continued process verification and the review of a product: what the results of many batches say together.

Results are kept apart by what they depend on (maker, process version, laboratory, method version, stage, unit) before anything is computed.
See docs/adr/0029-trends.md.
"""
