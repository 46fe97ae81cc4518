"""The commands, by subject; each module is imported only when one of its commands runs."""
