"""Reads about what is made, where, how, and what is registered. Every query sees only what the open identity sees."""
