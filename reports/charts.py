"""Charts as SVG, written by us: numbers and labels of ours only, no script, no font file, readable in print."""

from collections.abc import Sequence
from html import escape

from domain.hostile_text import one_line

_WIDTH, _HEIGHT = 640, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 14, 46
_ACCENT, _SECOND, _SOFT, _LINE = "#0b5c6b", "#9a3412", "#566072", "#d5dae2"
_FONT = 'font-family="Noto Sans, sans-serif" font-size="12"'


def bar_chart(title: str, bars: Sequence[tuple[str, int]], unit: str) -> str:
    """Upright bars with their values; a caption for each."""
    most = max((value for _, value in bars), default=0) or 1
    step = (_WIDTH - _LEFT - _RIGHT) / max(len(bars), 1)
    parts = _frame(title, most, unit)
    for position, (label, value) in enumerate(bars):
        height = (_HEIGHT - _TOP - _BOTTOM) * value / most
        left, top = _LEFT + position * step + step * 0.15, _HEIGHT - _BOTTOM - height
        middle = _LEFT + (position + 0.5) * step
        parts.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{step * 0.7:.1f}" height="{height:.1f}" fill="{_ACCENT}"/>'
        )
        parts.append(_text(middle, top - 4, str(value), "middle"))
        parts.append(_text(middle, _HEIGHT - _BOTTOM + 16, label, "middle"))
    return _svg(title, parts)


def line_chart(title: str, labels: Sequence[str], lines: Sequence[tuple[str, Sequence[int]]], unit: str) -> str:
    """One or two lines over the same labels, each named at its end and told apart by shape as well as colour."""
    most = max((value for _, values in lines for value in values), default=0) or 1
    step = (_WIDTH - _LEFT - _RIGHT - 90) / max(len(labels) - 1, 1)
    parts = _frame(title, most, unit)
    for position, label in enumerate(labels):
        parts.append(_text(_LEFT + position * step, _HEIGHT - _BOTTOM + 16, label, "middle" if position else "start"))
    for number, (name, values) in enumerate(lines):
        colour, dash = (_ACCENT, "") if number == 0 else (_SECOND, ' stroke-dasharray="6 4"')
        points = [
            (_LEFT + p * step, _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * v / most) for p, v in enumerate(values)
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        if points:
            parts.append(_text(points[-1][0] + 8, points[-1][1] + 4, f"{name} {values[-1]}", "start", colour))
    return _svg(title, parts)


def _frame(title: str, most: int, unit: str) -> list[str]:
    bottom = _HEIGHT - _BOTTOM
    parts = [f'<line x1="{_LEFT}" y1="{bottom}" x2="{_WIDTH - _RIGHT}" y2="{bottom}" stroke="{_LINE}"/>']
    parts.append(_text(_LEFT - 6, bottom + 4, "0", "end"))
    parts.append(_text(_LEFT - 6, _TOP + 10, str(most), "end"))
    parts.append(_text(_WIDTH / 2, _HEIGHT - 8, f"{title} ({unit})", "middle"))
    return parts


def _text(x: float, y: float, words: str, anchor: str, colour: str = _SOFT) -> str:
    shown = escape(one_line(words, 60), quote=True)
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" {_FONT}>{shown}</text>'


def _svg(title: str, parts: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" '
        f'role="img"><title>{escape(title)}</title>'
    )
    return f"{head}{''.join(parts)}</svg>\n"
