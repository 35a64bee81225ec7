"""Strings that would act if they were not shown as text, written for these tests, and many more made out of them.

Each calls `hit()` or asks for `/hit`, so that a browser test can see whether anything ran or was asked for.
"""

from itertools import product

CALLS = ("hit()", "window.hit()", "top.hit(1)", "fetch('/hit')", "new Image().src='/hit'")
_SHAPES = (
    "<script>{call}</script>",
    "<ScRiPt >{call}</sCrIpT >",
    "<img src=x onerror={call}>",
    '<img src=/hit onerror="{call}">',
    "<svg onload={call}>",
    "<svg><script>{call}</script></svg>",
    "<body onload={call}>",
    '<iframe src="javascript:{call}"></iframe>',
    '<iframe srcdoc="<script>parent.{call}</script>"></iframe>',
    '<a href="javascript:{call}">go</a>',
    "<details open ontoggle={call}>",
    "<input autofocus onfocus={call}>",
    "<video><source onerror={call}></video>",
    "<math><mtext></mtext><script>{call}</script></math>",
    "<style>@import '/hit';</style>{call}",
    "<link rel=stylesheet href=/hit>{call}",
    '<meta http-equiv=refresh content="0;url=/hit">{call}',
    "<base href=/hit/>{call}",
    "<form action=/hit><button autofocus onfocus={call}>",
    "<object data=/hit>{call}</object>",
    "<embed src=/hit>{call}",
    '"><script>{call}</script>',
    "'><script>{call}</script>",
    '" onmouseover={call} autofocus onfocus={call} x="',
    "' onfocus={call} autofocus x='",
    "--><script>{call}</script><!--",
    "]]><script>{call}</script>",
    "</title><script>{call}</script>",
    "</textarea><script>{call}</script>",
    "</select><img src=x onerror={call}>",
    "</option></select><script>{call}</script>",
    "{{{{constructor.constructor('{call}')()}}}}",
    "${{{call}}}",
    "{{% {call} %}}",
    "<div hx-get=/hit hx-trigger=load>{call}</div>",
    "<div hx-on:click={call} data-hx-get=/hit data-hx-trigger=load></div>",
    "<template><script>{call}</script></template>",
    '<noscript><p title="</noscript><img src=x onerror={call}>">',
    "javascript:{call}",
    "data:text/html,<script>{call}</script>",
)
_COVERS = (
    "{0}", "{0}\x00", "\u202e{0}", "\ufeff{0}", "a&lt;{0}", "&#60;{0}", "%3C{0}", "\\x3c{0}", "{0}\u2028", "<{0}",
    "\ud800{0}", "{0}\u0007", "<!-- {0}", "<![CDATA[{0}", "`{0}`", "{0}//", "/*{0}*/", ";{0}", "\n{0}\n", "\t{0}",
    "='{0}", "(){0}", "{0}\u200b", "\U0001f600{0}", "<{0}>", "[{0}](javascript:hit())",
)  # fmt: skip

HOSTILE = tuple(shape.format(call=call) for shape in _SHAPES for call in CALLS)
"""Two hundred of them, for the quick tests."""

MANY = tuple(cover.format(one) for cover, one in product(_COVERS, HOSTILE))
"""More than five thousand, for the browser."""

LIVE = (
    "<script>hit",
    "<img src=x",
    "<svg onload",
    "<iframe s",
    "<body onload=",
    '<a href="javascript',
    "<div hx-get=/hit",
)
"""Beginnings that no page may hold unescaped."""
