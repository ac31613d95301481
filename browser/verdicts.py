"""What became of the runs, in words, for the line that stands between the pictures and what the hand moves."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """One part of the verdict line.

    text: a short sentence, in which **words** may stand out. name: of whom it speaks, plain text; empty where it speaks
    of all that is seen. color, symbol: those of the run's marks, so that words and picture find each other.
    """

    text: str
    name: str = ""
    color: str = ""
    symbol: str = ""
