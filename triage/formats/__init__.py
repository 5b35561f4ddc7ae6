"""Bytes to Evidence: the formats in the order in which they are asked."""
