"""Many sources: finding them, reading them within limits, one outcome a source."""

from triage.scan.outcome import Analyst, Failure, Outcome, outcomes
from triage.scan.source import DEFAULT_LIMIT, STDIN, Source, find, name_of

__all__ = ["DEFAULT_LIMIT", "STDIN", "Analyst", "Failure", "Outcome", "Source", "find", "name_of", "outcomes"]
