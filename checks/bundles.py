"""The bundle's own program: does it take our bundle?"""

from collections.abc import Iterator
from pathlib import Path

from checks.check import Check, succeeds


def checks(bundle: Path, folder: Path) -> Iterator[Check]:
    """Unpack the bundle into the folder, and hold its manifest against the schema."""
    for name, arguments in (
        ("mcpb info", ("info", str(bundle))),
        ("mcpb unpack", ("unpack", str(bundle), str(folder))),
        ("mcpb validate", ("validate", str(folder / "manifest.json"))),
    ):
        yield Check(about="bundle", name=name, script="mcpb", arguments=arguments, judge=succeeds)
