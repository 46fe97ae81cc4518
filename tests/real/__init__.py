"""Acceptance on files that nobody here wrote."""
