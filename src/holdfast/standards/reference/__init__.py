"""The standards as somebody looks them up: rules in words, their editions, what cites what, and a search over all of it."""
