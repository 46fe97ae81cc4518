"""Flags: rule packs, what they reach from a listed party, and flags as if ties were absent."""
