"""REST, at /api/v1/: every action and query for scripts, one module a context. It calls what pages and commands call, and writes no model itself."""
