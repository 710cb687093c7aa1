"""Data in, figure out: the same figure on a page, in a document and as data. One module a figure; nothing here knows where data comes from."""
