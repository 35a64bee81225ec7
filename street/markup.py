"""Post texts as the preview shows them: escaped, with links, mentions, hashtags, bold and emoji marked up."""

import html
import re

_EMOJI = "\U0001f1e6-\U0001faff\u2600-\u27bf\u2b00-\u2bff"
# One pass over the text; each kind of mark is one named group. The lookahead names every character that a mark can
# start with, which spares most places the six attempts.
_MARK = re.compile(
    rf"(?=[*\[h@#{_EMOJI}])(?:"
    r"(?P<bold>\*\*(?P<strong>[^*\n]{1,200})\*\*)"
    r"|(?P<label>\[(?P<name>[^\]\n]{1,200})\]\((?P<target>https?://[^\s)]{1,300})\))"
    r"|(?P<link>https?://[^\s<>()（），。；、]{1,300})"
    r"|(?P<mention>(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{3,31})"
    r"|(?P<hashtag>(?<![\w#&/])#[^\W\d]\w{1,60})"
    rf"|(?P<emoji>[{_EMOJI}]\uFE0F?(?:\u200D[\U0001F300-\U0001FAFF]\uFE0F?)*))"
)
_CONFIRM = "return confirm('Open this link?\\n\\n'+this.href);"


def to_html(text: str) -> str:
    """The inner HTML of a message text."""
    pieces: list[str] = []
    end = 0
    for match in _MARK.finditer(text):
        pieces += (_plain(text[end : match.start()]), _marked(match))
        end = match.end()
    pieces.append(_plain(text[end:]))
    return "".join(pieces)


def emoji_html(emoji: str) -> str:
    """An emoji as the preview draws it: a picture with the character inside."""
    code = emoji.encode("utf-8").hex().upper()
    return f'<i class="emoji" style="background-image:url(\'/img/emoji/40/{code}.png\')"><b>{emoji}</b></i>'


def _plain(text: str) -> str:
    return html.escape(text, quote=True).replace("\n", "<br/>") if text else ""


def _marked(match: re.Match[str]) -> str:
    if match.group("bold"):
        return f"<b>{to_html(match.group('strong'))}</b>"
    if match.group("emoji"):
        return emoji_html(match.group())
    written = html.escape(match.group(), quote=True)
    if match.group("label"):
        target = html.escape(match.group("target"), quote=True)
        return (
            f'<a href="{target}" target="_blank" rel="noopener" onclick="{_CONFIRM}">{_plain(match.group("name"))}</a>'
        )
    if match.group("link"):
        return f'<a href="{written}" target="_blank" rel="noopener">{written}</a>'
    if match.group("mention"):
        return f'<a href="https://t.me/{written[1:]}" target="_blank">{written}</a>'
    return f'<a href="?q=%23{written[1:]}">{written}</a>'
