"""Answers as printable reports: Excel, PDF and Word."""
