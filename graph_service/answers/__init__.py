"""What questions answer: frozen dataclasses, by subject."""
