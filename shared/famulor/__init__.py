"""Famulor's API: one client an account, every failure an UpstreamError, every record validated."""

from shared.famulor.client import Deadlines, FamulorClient

__all__ = ["Deadlines", "FamulorClient"]
