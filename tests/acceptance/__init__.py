"""Promises of the contract, kept from outside: files in, the command line's JSON out."""
