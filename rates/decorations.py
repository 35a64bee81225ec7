"""Words around a model's name on price lists that do not change what the model officially costs."""


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    """One phrase a line or between commas, each as its folded words."""
    return frozenset(
        tuple(phrase.split()) for line in text.splitlines() for phrase in line.split(",") if phrase.strip()
    )


BEFORE = _phrases("""
    anthropic, openai, google, vertex, vertexai, gemini api, xai, x ai, deepseek, deepseek ai, moonshotai, moonshot
    moonshot ai, zai, z ai, zai org, zhipu, zhipuai, thudm, alibaba, aliyun, bailian, dashscope, minimax, minimaxai
    mistral, mistralai, mistral ai, meta, meta llama, openrouter, aws, bedrock, us, eu, apac, global, azure, az, kiro
    cc, cursor, copilot, github, antigravity, official, pro, max, models, api, tencent, bytedance, volcengine, xiaomi
    xiaomimimo, stepfun, cohere, perplexity, siliconflow, qwen
    正规, 正版, 官, 官转, 官方, 官 key, 满血, 满血版, 正价, 特价, 国产, 逆, 逆向, 直连, 纯血
""")
"""What relays write before a model's name: who makes it, or where they say it comes from."""

AFTER = _phrases("""
    latest, thinking, nothinking, no thinking, think, reasoning, high, medium, low, xhigh, x high, minimal, none, effort
    free, official, aws, bedrock, azure, vertex, kiro, cc, 1 m, 1 m context, online, v 1, v 1 0, v 2 0, api, model
    官, 官转, 官方, 满血, 满血版, 逆, 逆向, 思考, 直连, 模型
""")
"""What relays write after it: how hard it thinks, how much it reads, where they say it comes from."""

CLAIMS = frozenset({"official", "官", "官方", "正规", "正版"})
"""Words that only claim to be genuine."""
