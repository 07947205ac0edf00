"""What people are shown: answers of the core → Slack messages and views; pure."""
