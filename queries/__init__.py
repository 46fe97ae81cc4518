"""Questions: pure Python over the store port."""
