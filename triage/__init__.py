"""Match Windows crash evidence to the knowledge-base article that describes it."""

__version__ = "0.1.0"
