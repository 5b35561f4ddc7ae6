"""The library's front door: open the knowledge, analyse bytes or words, get a Report."""

from triage.api.analysis import analyze, plan_reports, search
from triage.knowledge.pack import load_knowledge

__all__ = ["analyze", "load_knowledge", "plan_reports", "search"]
