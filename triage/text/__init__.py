"""Reading text: decoding, repairing, and the pieces that several formats share (module rows, frames, codes)."""
