"""Incidents against a pack: ranked findings with confidence and explanation."""

from triage.engine.match import Match, match

__all__ = ["Match", "match"]
