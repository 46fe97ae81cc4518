"""The embedded engine: durable, searchable, no server."""
