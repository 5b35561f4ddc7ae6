"""Frozen types that every other floor speaks in; no I/O, no knowledge of formats."""
