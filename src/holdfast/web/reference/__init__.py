"""The reference: every rule, pack, crosswalk row, dictionary entry and cited document on a page of its own, made from the data in memory."""
