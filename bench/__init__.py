"""Measurements that anyone can run, each a module of its own; what came out of them stands in docs/scaling.md."""
