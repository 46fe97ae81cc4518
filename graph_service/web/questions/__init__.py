"""Questions as both front doors ask them, by subject."""
