"""Alerts reach channels: what is owed is decided, posted, and kept up to date."""
