"""The core: what is true about outbound assistants. Knows neither Slack nor MCP."""
