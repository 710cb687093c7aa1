"""What a programme must have in place now, at its next milestone, and later."""
