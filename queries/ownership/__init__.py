"""Ownership: look-through shares, holders and holdings, beneficial owners, close links."""
