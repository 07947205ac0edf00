"""Who may call the MCP server over HTTP, and how much: layers around the protocol, composed in `gate`."""
