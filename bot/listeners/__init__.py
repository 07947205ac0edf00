"""What the app listens to: one module for each kind of thing that people do in Slack."""
