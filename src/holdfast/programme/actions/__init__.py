"""Every write about what is made, where, how, and what is registered. The first parameter is the open change set."""
