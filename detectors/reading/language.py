"""The language of a text: by its scripts where they decide, by common words where many languages share one.

A general identifier of languages was tried and left out: it costs more than all the rest of the reading, and takes
names of products for English. What is wanted here is little: which money a bare number is, and what to show.
"""

import re
from functools import cache

from detectors.reading.normalise import fold_word

UNDETERMINED = "und"
SCRIPT_SAMPLE = 160
SAMPLE = 300
"""So many characters decide; more would only cost time."""

# The script of a character by the upper half of its code: L Latin with accents, C Cyrillic, A Arabic, D Devanagari,
# T Thai, K kana and Chinese punctuation, H ideographs, G Hangul; a dot for anything else.
_SCRIPTS = bytes(
    next((ord(mark) for mark, first, last in (
        ("L", 0x01, 0x02), ("L", 0x1E, 0x1E), ("C", 0x04, 0x04), ("A", 0x06, 0x06), ("D", 0x09, 0x09),
        ("T", 0x0E, 0x0E), ("K", 0x30, 0x30), ("H", 0x34, 0x9F), ("G", 0xAC, 0xD7),
    ) if first <= upper <= last), ord("."))
    for upper in range(256)
)  # fmt: skip
_NO_LATIN = bytes(code for code in range(256) if not (chr(code).isalpha() and chr(code) not in "ªµº"))
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_LONG_KANA = re.compile("[ヶヵー]")
_UKRAINIAN, _RUSSIAN = re.compile("[іїєґІЇЄҐ]"), re.compile("[ыэъёЫЭЪЁ]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_PERSIAN = re.compile("[پچژگکی۰-۹]")
_DEVANAGARI, _THAI = re.compile("[\u0900-\u097f]"), re.compile("[\u0e00-\u0e7f]")
_BY_LETTERS = (
    ("vi", re.compile("[đĐơƠưƯ\u1ea0-\u1ef9]")), ("tr", re.compile("[ğĞşŞıİ]")), ("pl", re.compile("[łŁąĄęĘśŚźŹżŻ]")),
)  # fmt: skip
_LETTERS = re.compile(r"[a-z]{2,14}")

# Common words, and words of this trade, that no other of these languages has in that spelling (without accents).
_COMMON = {
    "en": "the and for with you your of is are this that from our we to in on or get at by it as all can has not be "
    "official price account month service buy using use will per if an no any more than",
    "vi": "nam goi ban khach tai khoan thang gia chinh chu cua va cho khong duoc cac mua nang cap bao hanh dung "
    "chung moi nay rat",
    "id": "akun bulan untuk yang dan dengan harga beli jual murah garansi tanpa bisa resmi langganan anda kamu dari "
    "atau juga tidak ini kami hanya cocok kurang lebih sudah akses proses pakai pembayaran tahun hari cepat stok "
    "jadi gajian bln thn gan kak minat tanya banget",
    "pt": "conta contas com para voce seu sua nao mais preco mes meses assinatura oficial comprar entrega uma dos "
    "das pelo pela ou paga menos chama tabela revenda minimo unidades dia primeiro acesso todos recursos sem por "
    "como tem ativacao pagamento desconto aqui",
    "es": "cuenta cuentas con para usted tu su precio mes meses suscripcion comprar entrega una los las del por sin "
    "como acceso todos mas oficial pago descuento activacion el ahora al que herramientas",
    "tr": "hesap hesabi hesaplar ve icin bir ile fiyat fiyati satin aylik ay abonelik teslim aninda ozel resmi ucuz "
    "kullanim indirim garanti yil ortak bu olarak daha tum",
    "de": "und der die das fur mit zugang lieferung bestand sofort statt konto preis monat auf von ist sie ein eine "
    "zum im zu nicht kaufen gunstiger guthaben uber ab pro rabatt den des sich wir",
    "fr": "le la les et pour avec jours delai avis compte prix mois par est vous votre un une des du sur acheter "
    "livraison abonnement sans moins cher au aux nous",
    "pl": "konto konta cena miesiac dla oraz jest sie na z do w nie kup taniej dostep zakup bez gwarancja oficjalny",
    "it": "il e per con conto account prezzo mese di che un una sono non acquista gli della nel abbonamento "
    "ufficiale piu",
}  # fmt: skip


_TOLD_BY_ONE = frozenset({"en", "vi", "id", "tr"})


@cache
def _languages_of() -> dict[str, tuple[str, ...]]:
    """From a common word to the languages that have it."""
    found: dict[str, list[str]] = {}
    for language, words in _COMMON.items():
        for word in fold_word(words).split():
            found.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in found.items()}


def language_of(original: str, folded: str) -> str:
    """The ISO 639-1 code of a text, `und` where there is nothing to tell it by.

    Names of products are Latin in every language, so a small part of another script decides for that script.
    """
    if not original.isascii():
        sample = original[:SCRIPT_SAMPLE]
        if _CYRILLIC.search(sample) is not None and _CYRILLIC.search(folded) is None:
            # Letters that only looked Latin: no word of the text is Cyrillic.
            sample = _CYRILLIC.sub("", sample)
        by_script = _by_script(sample)
        if by_script is not None:
            return by_script
    return _by_words(folded[:SAMPLE])


def _by_script(sample: str) -> str | None:
    scripts = sample.encode("utf-16-le", "surrogatepass")[1::2].translate(_SCRIPTS)
    # A single の is a Chinese seller's ornament; months and long vowels are not.
    if b"K" in scripts and (len(_KANA.findall(sample)) >= 2 or _LONG_KANA.search(sample) is not None):
        return "ja"
    latin = len(sample.encode("latin-1", "ignore").translate(None, _NO_LATIN)) + scripts.count(b"L")
    if scripts.count(b"G") >= max(2, latin // 12):
        return "ko"
    if scripts.count(b"H") >= max(2, latin // 16):
        return "zh"
    if scripts.count(b"C") >= max(3, latin // 8):
        return "uk" if len(_UKRAINIAN.findall(sample)) > len(_RUSSIAN.findall(sample)) else "ru"
    if scripts.count(b"A") >= max(3, latin // 16):
        return "fa" if _PERSIAN.search(sample) is not None else "ar"
    for mark, language, letters in ((b"D", "hi", _DEVANAGARI), (b"T", "th", _THAI)):
        if mark in scripts and len(letters.findall(sample)) >= max(3, latin // 16):
            return language
    return next((language for language, letters in _BY_LETTERS if len(letters.findall(sample)) >= 2), None)


def _by_words(folded: str) -> str:
    scores: dict[str, float] = {}
    words: dict[str, int] = {}
    languages_of = _languages_of()
    # Most words are no language's common ones.
    for word in filter(languages_of.__contains__, dict.fromkeys(_LETTERS.findall(folded))):
        languages = languages_of[word]
        share = 1.0 / len(languages)
        for language in languages:
            scores[language] = scores.get(language, 0.0) + share
            words[language] = words.get(language, 0) + 1
    if not scores:
        return UNDETERMINED
    # Of languages that tie, one that more words speak for, or that one word tells, in every process alike.
    best = max(scores, key=lambda language: (scores[language], words[language], language in _TOLD_BY_ONE))
    # One word may be a name or a slip; English is what the rest of the text would be in anyway.
    return best if words[best] > 1 or best in _TOLD_BY_ONE else UNDETERMINED
