"""Crosswalks: which text of one region answers to which of another, and where there is none."""
