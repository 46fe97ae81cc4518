"""Benchmarks: generators, peers, one command."""
