"""Import of a table that somebody else designed, by a mapping file."""
