"""A Report as text, Markdown or JSON; needs nothing but the Report."""
