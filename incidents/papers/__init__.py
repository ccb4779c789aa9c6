"""The papers of a case: what they say as blocks, and the blocks as PDF and as Word."""
