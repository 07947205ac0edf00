"""How one thing is called in either language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """How one thing is called: the canonical word of either language, and what is understood besides."""

    english: str
    german: str
    others: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """All of them, the canonical ones first."""
        return (self.english, self.german, *self.others)

    def __call__(self, language: str = "en") -> str:
        """The canonical word of a language: German for "de", English for every other."""
        return self.german if language == "de" else self.english
