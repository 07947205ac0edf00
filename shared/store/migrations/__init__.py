"""The schema's history, for Alembic: one step a file in `versions/`, never changed once it is released."""
