"""The language of a text: by its scripts where they decide, by common words where many languages share one.

A general identifier of languages was tried and left out: it costs more than all the rest of the reading, and takes
names of products for English. What is wanted here is little: which money a bare number is, and what to show.
"""

import re
from functools import cache

from detectors.reading.normalise import fold_word

UNDETERMINED = "und"
SAMPLE = 500
"""So many characters decide; more would only cost time."""

_RANGES = (
    ("L", 0x00C0, 0x024F), ("L", 0x1E00, 0x1EFF), ("V", 0x1EA0, 0x1EF9), ("C", 0x0400, 0x04FF), ("A", 0x0600, 0x06FF),
    ("D", 0x0900, 0x097F), ("T", 0x0E00, 0x0E7F), ("K", 0x3041, 0x30FA), ("H", 0x3400, 0x9FFF), ("G", 0xAC00, 0xD7AF),
)  # fmt: skip
_TELLING = (
    ("V", "đĐơƠưƯ"), ("U", "ğĞşŞıİ"), ("P", "łŁąĄęĘśŚźŹżŻ"), ("i", "іїєґІЇЄҐ"), ("r", "ыэъёЫЭЪЁ"),
    ("f", "پچژگکی۰۱۲۳۴۵۶۷۸۹"), ("k", "ヶヵー"),
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
def _classes() -> str:
    table = ["." for _ in range(0x20000)]
    for code in (*range(0x41, 0x5B), *range(0x61, 0x7B)):
        table[code] = "L"
    for mark, first, last in _RANGES:
        for code in range(first, last + 1):
            table[code] = mark
    for mark, letters in _TELLING:
        for letter in letters:
            table[ord(letter)] = mark
    return "".join(table)


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
    sample = original[:SAMPLE]
    if not sample.isascii():
        by_script = _by_script(sample.translate(_classes()))
        if by_script is not None:
            return by_script
    return _by_words(folded[:SAMPLE])


def _by_script(classes: str) -> str | None:
    latin = classes.count("L")
    # A single の is a Chinese seller's ornament; months and long vowels are not.
    if classes.count("K") >= 2 or classes.count("k"):
        return "ja"
    if classes.count("G") >= max(2, latin // 12):
        return "ko"
    if classes.count("H") >= max(2, latin // 16):
        return "zh"
    cyrillic = classes.count("C") + classes.count("i") + classes.count("r")
    if cyrillic >= max(3, latin // 8):
        return "uk" if classes.count("i") > classes.count("r") else "ru"
    persian = classes.count("f")
    if classes.count("A") + persian >= max(3, latin // 16):
        return "fa" if persian else "ar"
    if classes.count("D") >= max(3, latin // 16):
        return "hi"
    if classes.count("T") >= max(3, latin // 16):
        return "th"
    return next(
        (language for mark, language in (("V", "vi"), ("U", "tr"), ("P", "pl")) if classes.count(mark) >= 2), None
    )


def _by_words(folded: str) -> str:
    scores: dict[str, float] = {}
    words: dict[str, int] = {}
    languages_of = _languages_of()
    for word in set(_LETTERS.findall(folded)):
        for language in languages_of.get(word, ()):
            scores[language] = scores.get(language, 0.0) + 1.0 / len(languages_of[word])
            words[language] = words.get(language, 0) + 1
    if not scores:
        return UNDETERMINED
    best = max(scores, key=lambda language: scores[language])
    # One word may be a name or a slip; English is what the rest of the text would be in anyway.
    return best if words[best] > 1 or best in _TOLD_BY_ONE else UNDETERMINED
