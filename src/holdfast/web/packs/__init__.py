"""The pages on which a programme's rule packs are read, previewed and adopted."""
