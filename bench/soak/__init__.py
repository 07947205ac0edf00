"""A soak: the whole product as its users run it, hour by hour if need be, while everything around it goes wrong."""
