"""What to do about a finding: service packs, files, where to get them."""
