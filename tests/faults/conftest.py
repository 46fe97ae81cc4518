"""Servers to be treated badly."""

from __future__ import annotations

from tests.neo4j.conftest import program, remote

__all__ = ["program", "remote"]
