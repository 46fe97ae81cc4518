"""Control: the closure of majorities, down, up and of all holders; groups and rings."""
