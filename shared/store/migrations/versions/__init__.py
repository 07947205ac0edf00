"""The steps, in the order of their numbers; a new one is a copy of the last with the next number."""
