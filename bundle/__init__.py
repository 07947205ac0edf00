"""Builds the MCP bundle, one file that desktop hosts install: `make bundle` → `dist/famulor-mcp-VERSION.mcpb`."""
