"""Many sources: walking folders, one report a source."""
