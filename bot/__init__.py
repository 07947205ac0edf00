"""The Slack app: what people type, and what they are shown."""
