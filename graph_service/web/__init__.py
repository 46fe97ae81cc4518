"""The HTTP service: translates requests into questions and answers into JSON."""
