"""What a text looks like, whatever its words: marks counted on the first stretch of the folded text."""

from dataclasses import dataclass

LOOKED_AT = 4000
"""Code points; what a text is shows early, and hostile texts are long."""


@dataclass(frozen=True, slots=True)
class Form:
    """Counts per text: questions, marks of code, and how long it is."""

    questions: int
    code_marks: int
    characters: int


def form_of(folded: str) -> Form:
    """The marks of the folded text's first stretch."""
    head = folded[:LOOKED_AT]
    marks = head.count("{") + head.count(";") + head.count("=>") + head.count("==") + head.count("(") // 2
    return Form(head.count("?"), marks, len(head))
