"""The library's front door: open the knowledge, analyse bytes or words, get a Report."""

from triage.api.analysis import analyze, load_knowledge, plan_reports, search

__all__ = ["analyze", "load_knowledge", "plan_reports", "search"]
