"""Alignment: what two registrations of one product say of the same attribute, and what one specification for both would need."""
