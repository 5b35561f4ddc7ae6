"""Rules, products and codes to a pack, and the pack opened for reading."""
