"""What the places that sell items have in common: their items in `content/markets/<site>.yml`, page by page.

An item is what every such place states: `id`, `title`, `price`, and where they apply `text`, `seller`, `stock`,
`sales`, `member_price`, `old_price`. One that is `removed` is in no list any more, and its own address says so.
"""

from collections.abc import Sequence
from typing import Any

from street.content import yaml_of

Item = dict[str, Any]


def items_of(site: str) -> Sequence[Item]:
    """The items that the site lists."""
    return [item for item in yaml_of(f"markets/{site}.yml")["items"] if not item.get("removed")]


def item_of(site: str, number: str) -> Item | None:
    """The one item of that id, unless it is removed."""
    return next((item for item in items_of(site) if str(item["id"]) == number), None)


def one_page(items: Sequence[Item], number: str, size: int) -> Sequence[Item]:
    """The items of one numbered page, the first of which is 1; an empty page for what is no number."""
    start = (int(number) - 1) * size if number.isdigit() and 0 < int(number) < 10_000 else len(items)
    return items[start : start + size]


def matching(items: Sequence[Item], words: str) -> Sequence[Item]:
    """The items whose title or text has one of the words in it; all for none."""
    sought = words.lower().split()
    return [
        item
        for item in items
        if not sought or any(word in f"{item['title']} {item.get('text', '')}".lower() for word in sought)
    ]
