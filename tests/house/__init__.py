"""Promises about the house itself: layers, packaging, documents, scripts."""
