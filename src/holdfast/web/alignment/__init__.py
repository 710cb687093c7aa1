"""Where the US and the EU registrations of a product differ, and why."""
