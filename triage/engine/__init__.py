"""Incidents against a pack: ranked findings with confidence and explanation."""
