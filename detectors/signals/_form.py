"""What a text looks like, whatever its words: marks counted on its first stretch, widths folded."""

from dataclasses import dataclass

LOOKED_AT = 4000
"""Code points; what a text is shows early, and hostile texts are long."""

_WIDE = str.maketrans("？｛｝；（）＝؟", "?{};()=?")


@dataclass(frozen=True, slots=True)
class Form:
    """Counts per text: questions, marks of code, and how long it is."""

    questions: int
    code_marks: int
    characters: int


def form_of(text: str) -> Form:
    """The marks of the text's first stretch."""
    head = text[:LOOKED_AT].translate(_WIDE)
    marks = head.count("{") + head.count(";") + head.count("=>") + head.count("==") + head.count("(") // 2
    return Form(head.count("?"), marks, len(head))
