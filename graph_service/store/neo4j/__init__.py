"""The engine on a Neo4j server: readable graph, answers by Cypher, writes through a workbench."""
