"""credit-graph (信用图谱): trace related parties of blacklisted subjects, with evidence."""
