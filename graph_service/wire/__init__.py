"""Answers in their one form as JSON, by subject."""
