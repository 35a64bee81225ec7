"""`python tests/corpus/disguise.py FILE`: print the disguised twins of a corpus as JSON lines, for looking at them."""

import json
import sys
from pathlib import Path

from line.disguise import disguised_twins


def main(path: str) -> None:
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for name, twin in disguised_twins(row["text"], row["id"]):
            print(json.dumps({**row, "id": f"{row['id']}/{name}", "text": twin}, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1])
