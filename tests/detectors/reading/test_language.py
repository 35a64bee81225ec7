"""Which language a text is in, by its scripts and by common words, with names of products in Latin letters."""

from collections.abc import Callable

import pytest

from detectors.reading.language import UNDETERMINED
from detectors.reading.result import ReadListing

Reading = Callable[..., ReadListing]

CASES = [
    ("zh", "Claude Max 20x 独享成品号 质保30天"),
    ("zh", "出售ChatGPT Plusの账号，自动发货"),
    ("ja", "ChatGPT Plus アカウント販売、1か月 1,200円"),
    ("ko", "클로드 프로 한 달 이용권 판매합니다"),
    ("ru", "Подписка Claude Pro на 1 месяц без входа в аккаунт"),
    ("uk", "Підписка ChatGPT Plus на місяць, ключі і акаунти"),
    ("ar", "اشتراك ChatGPT Plus شهر كامل بسعر رخيص"),
    ("fa", "اکانت چت جی پی تی پلاس یک ماهه با گارانتی"),
    ("hi", "ChatGPT Plus सब्सक्रिप्शन सस्ते दाम पर"),
    ("th", "บัญชี ChatGPT Plus รายเดือน ราคาถูก"),
    ("vi", "Tài khoản ChatGPT Plus chính chủ giá rẻ"),
    ("vi", "Nang cap Claude Pro chinh chu, bao hanh ca thang, gia re"),
    ("id", "Akun Gemini Pro murah, garansi penuh untuk 1 bulan"),
    ("pt", "Conta ChatGPT Plus com acesso por um mês, não precisa de cartão"),
    ("es", "Cuenta de ChatGPT Plus por un mes, con garantía y entrega al instante"),
    ("tr", "ChatGPT Plus hesabı aylık, anında teslim, garantili"),
    ("de", "Zugang zu Claude Pro für einen Monat, sofort und günstiger"),
    ("fr", "Compte ChatGPT Plus pour un mois, livraison immédiate et pas cher"),
    ("pl", "Konto ChatGPT Plus na miesiąc, dostęp od ręki i gwarancja"),
    ("en", "ChatGPT Plus account for one month with a warranty"),
]


@pytest.mark.parametrize(("language", "text"), CASES, ids=[f"{case[0]}: {case[1][:24]}" for case in CASES])
def test_the_language_is_told(read: Reading, language: str, text: str) -> None:
    assert read(text).language == language


@pytest.mark.parametrize("text", ["", "GPT-5.5 $3 / $15", "🔥🔥🔥", "https://heron.example.test"])
def test_a_text_without_words_is_in_no_language(read: Reading, text: str) -> None:
    assert read(text).language == UNDETERMINED


def test_what_the_page_says_of_its_language_is_taken(read: Reading) -> None:
    assert read("Claude Pro 140", language="tr").language == "tr"
