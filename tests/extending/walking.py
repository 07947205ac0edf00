"""The walk-throughs of docs/extending.md: their steps, and what they make of a tree."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "extending.md"


@dataclass(frozen=True)
class Step:
    """One change of one file: `old` becomes `new`; a file that is not there yet has no `old`."""

    file: str
    old: str
    new: str

    def done(self, root: Path) -> None:
        """In this tree. Where the code has moved on, so that `old` is not there exactly once, the document has to."""
        path = root / self.file
        if not self.old:
            assert not path.exists(), f"{self.file} is there already"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.new, encoding="utf-8")
            return
        text = path.read_text(encoding="utf-8")
        assert text.count(self.old) == 1, f"{self.file} has {text.count(self.old)} times:\n{self.old}"
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")


def walk_throughs() -> dict[str, list[Step]]:
    """The steps under each heading that has any, in their order."""
    sections = re.split(r"^## ", DOCUMENT.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found = {section.partition("\n")[0]: [*steps(section)] for section in sections}
    return {heading: those for heading, those in found.items() if those}


def steps(section: str) -> list[Step]:
    """What the ```diff blocks say: `+++ FILE`, then pieces with `@@` before each."""
    found = []
    for block in re.findall(r"```diff\n(.*?)```", section, re.DOTALL):
        for part in re.split(r"^\+\+\+ ", block, flags=re.MULTILINE)[1:]:
            file, _line, rest = part.partition("\n")
            found += [
                Step(file, side(piece, " -"), side(piece, " +"))
                for piece in re.split(r"^@@\n", rest, flags=re.MULTILINE)[1:]
            ]
    return found


def side(piece: str, marks: str) -> str:
    """The lines with these marks, without them; an empty line is one that stays."""
    lines = [line or " " for line in piece.splitlines()]
    return "".join(f"{line[1:]}\n" for line in lines if line[0] in marks)
