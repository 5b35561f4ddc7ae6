"""What to do about a finding: service packs, files, where to get them."""

from triage.advice.advise import advise

__all__ = ["advise"]
