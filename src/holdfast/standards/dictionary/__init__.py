"""The attribute dictionary: one meaning for each attribute, whatever a laboratory calls it."""
