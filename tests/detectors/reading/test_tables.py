"""Tables, rows of data and pages much longer than an advert."""

from collections.abc import Callable

from detectors.reading.extent import SHORT

Check = Callable[..., None]


def test_a_markdown_table_is_read_by_the_heads_of_its_columns(check_offers: Check) -> None:
    check_offers(
        "| 模型 | 输入 ¥/M | 输出 ¥/M |\n|---|---|---|\n| claude-opus-4-6 | 3.38 | 16.9 |\n| gpt-5.5 | 3.38 | 20.28 |",
        [("claude-opus-4-6", 0.1), ("claude-opus-4-6", 0.1), ("gpt-5.5", 0.1), ("gpt-5.5", 0.1)],
    )


def test_a_column_of_official_prices_is_nobodys_offer(check_offers: Check) -> None:
    check_offers(
        "| 套餐 | 官方价 | 价 |\n|---|---|---|\n| Claude Pro 月卡 | $20 | ¥67.59 |\n| ChatGPT Plus 月卡 | $20 | ¥27 |",
        [("claude-pro", 0.5), ("chatgpt-plus", 0.2)],
    )


def test_rows_of_data_are_read_with_the_currency_they_name(check_offers: Check) -> None:
    check_offers(
        "{ name: 'ChatGPT Plus 1 month', price: '4.00', currency: 'USD' },\n"
        "{ name: 'Claude Pro 1 month', price: '33.80', currency: 'CNY' },",
        [("chatgpt-plus", 0.2), ("claude-pro", 0.25)],
    )


def test_an_html_table_is_read_as_rows(check_offers: Check) -> None:
    check_offers(
        "<table><tr><td>Claude Pro month</td><td>$5</td></tr><tr><td>ChatGPT Plus month</td><td>$4</td></tr></table>",
        [("claude-pro", 0.25), ("chatgpt-plus", 0.2)],
    )


def test_the_advert_in_the_middle_of_a_long_page_is_found(check_offers: Check) -> None:
    talk = "The committee met again and talked about the budget of the library.\n" * (SHORT // 60)
    check_offers(f"{talk}Claude Pro account, 1 month, $5, instant delivery\n{talk}", [("claude-pro", 0.25)])
