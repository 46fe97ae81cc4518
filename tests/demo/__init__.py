"""The generated city: its files, and what its stories must answer."""
