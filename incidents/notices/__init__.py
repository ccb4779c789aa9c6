"""Telling people: which news goes to whom, in which words, and by which channel beyond this system."""
