"""What a text looks like, whatever its words: marks counted on the first stretch of the folded text."""

import re
from dataclasses import dataclass

LOOKED_AT = 4000
"""Code points; what a text is shows early, and hostile texts are long."""


_COMMENT = re.compile(r"(?:^|\n)[ \t]{0,40}(?://|#(?!#| )|\*|/\*|--)")


@dataclass(frozen=True, slots=True)
class Form:
    """Counts per text: questions, sentence ends, marks of code, and how long it is."""

    questions: int
    sentences: int
    code_marks: int
    characters: int


def form_of(folded: str) -> Form:
    """The marks of the folded text's first stretch."""
    head = folded[:LOOKED_AT]
    marks = head.count("{") + head.count(";") + head.count("=>") + head.count("==") + head.count("(") // 2
    if "//" in head or "#" in head or "*" in head or "--" in head:
        marks += 2 * len(_COMMENT.findall(head))
    sentences = head.count("。") + head.count(". ") + head.count("!") + head.count("\n")
    return Form(head.count("?"), sentences, marks, len(head))
