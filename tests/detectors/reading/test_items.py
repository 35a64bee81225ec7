"""Card-shop items: a title and a price in a field of its own."""

from collections.abc import Callable

import pytest

Expected = list[tuple[str, float | None]]

ITEMS = [
    ("Claude 20刀兑换码 opus 4.8 满血", [("claude", 0.1332)], "18 CNY"),
    ("中转站余额充值：80刀【不限时间】", [("api-credit", 0.0518)], "28 CNY"),
    ("Codex API 60刀/天 周卡", [("gpt", 0.007)], "19.9 CNY"),
    ("auto 月卡每天50刀额度", [("api-credit", 0.0087)], "88 CNY"),
    ("低倍中转站 5刀额度 PLUS号池0.15倍率", [("gpt", 0.0178)], "4 CNY"),
    ("低倍率中转20刀卡密 PLUS号池低至0.12倍率 pro低至0.3倍率", [("gpt", 0.016), ("gpt", 0.0399)], "18 CNY"),
    ("Codex 官方中转 20美元0.1x倍率=200美元额度", [("gpt", 0.0118)], "16 CNY"),
    ("200R余额 0.04倍率中转", [("api-credit", 0.0059)], "200 CNY"),
    ("300刀 0.05x plus源头中转", [("gpt", 0.0074)], "300 CNY"),
    ("AI 至尊 FlowKit 400 美金 0.05 倍率", [("api-credit", 0.0074)], "399 CNY"),
    ("额度补给｜¥80 = $80 额度", [("api-credit", 0.148)], "80 CNY"),
    ("Claude Max额度｜3000美金｜fable 5", [("claude", 0.0345)], "700 CNY"),
    ("codex/claude共用额度800美元＋赠送二百美元", [("api-credit", 0.0163)], "110 CNY"),
    ("10额度", [("api-credit", None)], "10 CNY"),
    ("20元余额", [("api-credit", None)], "20 CNY"),
    ("GPT与Claude中转8刀", [("api-credit", 0.148)], "8 CNY"),
    ("k12 team成品（福利）", [("chatgpt-business", 0.0036)], "0.6 CNY"),
    ("GPT Plus 成品号 质保首登", [("chatgpt-plus", 0.0481)], "6.5 CNY"),
    ("plus成品[质保首登][已接码]", [("chatgpt-plus", 0.0533)], "7.2 CNY"),
    ("ChatGPT Pro 20X【无质保】原价200刀 人工代充", [("chatgpt-pro-20x", 0.3551)], "480 CNY"),
    ("GPT Pro 5x美区iOS官方直充月卡100刀，质保", [("chatgpt-pro-5x", 1.0357)], "700 CNY"),
    ("claude max x20 $200 成品 已过KYC", [("claude-max-20x", 0.2293)], "310 CNY"),
    ("Claude Max20X 200刀【代充/成品号】", [("claude-max-20x", 0.4586)], "620 CNY"),
    ("Claude Pro | 20USD | 官方直冲 | 1个月", [("claude-pro", 1.0209)], "138 CNY"),
    ("Super Grok 30刀月卡 【30天质保】", [("supergrok", 0.3551)], "72 CNY"),
    ("Grok升级官网30美金supergrok 2个月套餐", [("supergrok", 0.6904)], "280 CNY"),
    ("Gemini Pro 12个月pixel成品号（随机地区20-24年账号）", [("google-ai-pro", 0.0089)], "12 CNY"),
    ("Gemini 3.1pro 12个月pixel成品号", [("google-ai-pro", 0.0096)], "13 CNY"),
    ("Gemini Pro 18个月兑换链接", [("google-ai-pro", 0.0074)], "15 CNY"),
    ("GPT Plus 美区iOS官方直充年卡（12个月），质保", [("chatgpt-plus", 0.8014)], "1300 CNY"),
    ("GPT plus 质保30天（成品号，官方渠道）", [("chatgpt-plus", 0.8877)], "120 CNY"),
    ("ChatGPT Pro20x月卡 拼车[2人车] 质保", [("chatgpt-pro-20x", 0.8729)], "590 CNY"),
    ("Google AI Ultra 20x【家庭组车位】月权益", [("google-ai-ultra-20x", 0.2663)], "360 CNY"),
    ("Claude Premium Seat | 125USD | 31天质保", [("claude-team-premium", 0.7102)], "600 CNY"),
    ("Codex 单次接码 美区", [("gpt", None)], "2.2 CNY"),
    ("Claude KYC 认证服务【秒封不收费】", [("claude", None)], "60 CNY"),
    ("VISA 0刀虚拟卡 424242(KIRO GPT用不了)", [], "1.5 CNY"),
    ("奇妙商店【中转老板专用｜详情咨询】", [("api-credit", None)], "9999 CNY"),
    ("GPT Free-账密 RT-长效outlook", [("chatgpt-free", None)], "0.35 CNY"),
    ("Grok 普号", [("grok-free", None)], "0.9 CNY"),
    ("微软长效-Outlook邮箱", [], "0.08 CNY"),
    ("Kiro Pro 1000额度 纯手搓", [("kiro-pro", 0.725)], "98 CNY"),
    ("windsurf/Devin 50 刀", [("windsurf", 0.0237)], "8 CNY"),
    ("Cursor Pro月卡 质保订阅", [("cursor-pro", 0.6288)], "85 CNY"),
    ("claude 15刀兑换码 满血 0.1元=1刀", [("claude", 0.148)], "15 CNY"),
    ("【代理拿货 1元/10$ 】【20 美金】 CC Codex API 中转 兑换码", [("gpt", 0.037)], "5 CNY"),
    ("GPT的5.6周卡(800刀)", [("gpt-5.6-sol", 0.0129)], "70 CNY"),
    ("600刀额度", [("api-credit", 0.0234)], "95 CNY"),
    ("尊享会员｜4000美金额度｜稳定不封号", [("api-credit", 0.037)], "1000 CNY"),
    ("ChatGPT API 中转 | 300刀", [("gpt", 0.0148)], "30 CNY"),
    ("超低codex正统0.05倍官方api 20刀", [("gpt", 0.0018)], "5 CNY"),
    ("Claude 6.25X【质保订阅】", [("claude-team-premium", 0.8285)], "700 CNY"),
    ("GPT 20x成品 速刷 无质保", [("chatgpt-pro-20x", 0.213)], "288 CNY"),
    ("【等量2个gpt plus】Codex API 50刀/天 月卡", [("gpt", 0.0079)], "80 CNY"),
    ("Claude-Kiro API KEY 50M Token（1天有效期）", [("kiro", None)], "20 CNY"),
    ("Image2.0生图(500张)【支持API】", [], "20 CNY"),
    ("DeepSeek 12小时畅用卡｜支持 API", [("deepseek", None)], "2 CNY"),
    ("AI来了中转邀请码（注册赠送8刀）", [], "0.8 CNY"),
    ("CR.Ai 中转Api | 支持Claude GPT Gemini 官方1:1 |200刀兑换码=185", [("api-credit", 0.1369)], "185 CNY"),
    ("GPT-Plus UPI扫码对接 CDK 包8次提码", [("chatgpt-plus", None)], "9 CNY"),
    ("Kiro Pro+ 自助退款 自备账号", [("kiro-pro-plus", None)], "12 CNY"),
    ("ChatGPT Plus 注册神器 自动接码", [("chatgpt-plus", None)], "120 CNY"),
    ("GPT pro 远程两小时网页版体验", [("chatgpt-pro", None)], "25 CNY"),
    ("万事达 10刀卡 不支持试用 visa", [], "80 CNY"),
    ("【正规代充】GPT PRO 20（晚上先问客服）", [("chatgpt-pro-20x", 0.7989)], "1080 CNY"),
    ("Claude Max 5【成品】", [("claude-max-5x", 0.7397)], "500 CNY"),
    ("【代充】Max20X 质保掉订阅", [("claude-max-20x", 0.5548)], "750 CNY"),
    ("Gemini Pro 会员--12-Month Membership", [("google-ai-pro", 0.0089)], "12 CNY"),
    ("Pixel cdkey 5次 包含绑卡订阅 12个月 Gemini Pro会员", [("google-ai-pro", 0.0044)], "30 CNY"),
    ("Gemini pro 一年CDK 8次卡", [("google-ai-pro", 0.0055)], "60 CNY"),
    ("Gemini Pro 一年 质保换号3次", [("google-ai-pro", 0.0148)], "20 CNY"),
    ("12个月 GPT Team 车位（2人位）", [("chatgpt-business", 0.074)], "120 CNY"),
]


@pytest.mark.parametrize(("title", "expected", "price"), ITEMS)
def test_items(check_offers: Callable[..., None], title: str, expected: Expected, price: str) -> None:
    """Credit, plans, seats, pools, free accounts and what is no access at all."""
    check_offers("", expected, title=title, price=price)


def test_the_text_completes_a_title_that_names_only_the_family(check_offers: Callable[..., None]) -> None:
    """The title stays vague, the text names the plan, in a coded name for the family."""
    text, expected = "服务项目3：C老师Pro一个月，拍前联系", [("claude-pro", 1.036)]
    check_offers(text, expected, title="Claude 会员代办", price="140 CNY")
