"""Answers as tables, trees and chains for a terminal."""
