"""A Report as text or JSON; needs nothing but the Report."""
