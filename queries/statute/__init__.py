"""Statutes: related parties, and who is barred from office or tenders."""
