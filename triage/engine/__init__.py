"""Incidents against a pack: ranked findings with confidence and explanation."""

from triage.engine.match import Match, held_against, match, worth_showing

__all__ = ["Match", "held_against", "match", "worth_showing"]
