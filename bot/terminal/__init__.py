"""The core's answers in a terminal and for other programs: `famulor-bot list` and `famulor-bot audit`."""
