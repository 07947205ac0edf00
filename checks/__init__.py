"""Other people's checks of the MCP server: the Inspector, the conformance scenarios, the bundle's validator.

`make conformance` fetches what they need and runs them all; they are not part of `make test`, which needs no network.
"""
