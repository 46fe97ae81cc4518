"""Pictures and exports of what queries return."""
