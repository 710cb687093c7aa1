"""Faults: processes killed at named places, and what is there afterwards."""
