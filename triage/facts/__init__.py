"""Incidents and rules as typed facts that can be compared."""
