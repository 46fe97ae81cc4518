"""Bidders of one tender: each one's standing, every pair, prices, interests and clusters."""
