"""The MCP server: the same answers for AI agents."""
