"""The files of a case: what they are, made harmless, and where they lie."""
