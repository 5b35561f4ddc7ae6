"""What to do about findings: service packs, files, where to get them, and the fewest things that settle them all."""

from triage.advice.advise import advise
from triage.advice.inventory import Stock
from triage.advice.plan import plan, plan_all

__all__ = ["Stock", "advise", "plan", "plan_all"]
