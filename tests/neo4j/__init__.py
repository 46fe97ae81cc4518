"""What only the engine on a Neo4j server promises."""
