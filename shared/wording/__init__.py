"""What differs between two texts: how much, which lines, which words; pure, and quick for texts of 100 KB."""

from shared.wording.lines import Hunk, hunks
from shared.wording.words import Extent, Fate, Piece, extent, shortened, word_pieces

__all__ = ["Extent", "Fate", "Hunk", "Piece", "extent", "hunks", "shortened", "word_pieces"]
