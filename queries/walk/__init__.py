"""Walks and paths: what is tied to a party, and how two parties are tied."""
