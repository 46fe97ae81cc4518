"""What can befall a server and the way to it: never does it read as "nothing found"."""
