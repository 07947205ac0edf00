"""What any test may ask for: an empty database."""

import os

from hypothesis import settings

from tests.databases import database_url, postgresql_server, postgresql_url, sqlite_url

__all__ = ["database_url", "postgresql_server", "postgresql_url", "sqlite_url"]

# How long an example takes says something of the machine, not of our code; and what is green on one machine is green
# on the next. HYPOTHESIS_PROFILE=search looks for examples that nobody has seen yet.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
