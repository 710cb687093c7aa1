"""Import of a programme as a folder of plain files."""
