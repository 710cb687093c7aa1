"""What a process holds against its limits: capability indices and the probability of a result out of specification."""

METHODS: dict[str, str] = {}
