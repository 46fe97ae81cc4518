"""The store port and its engines."""
