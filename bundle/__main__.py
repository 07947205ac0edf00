"""`python -m bundle`: builds it, and says where it is."""

import asyncio

from bundle.build import ROOT, contents, write

if __name__ == "__main__":
    path = write(asyncio.run(contents()), ROOT / "dist")
    print(f"{path.relative_to(ROOT)} ({path.stat().st_size / 1024:.0f} KiB)")  # noqa: T201 # for who built it
