"""Studies: a protocol that is locked before results are read, data frozen from the record, a signed conclusion. Above quality, below release."""
