"""The command line: translates arguments into questions and answers into text."""
