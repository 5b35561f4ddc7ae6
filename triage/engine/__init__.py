"""Incidents against a pack: ranked findings with confidence and explanation."""

from triage.engine.match import Match, match, worth_showing

__all__ = ["Match", "match", "worth_showing"]
