"""Hostile text, and what must hold of every page that could show it."""

from lxml import html

MARKUP = (
    "<script>window.hurt=1</script>\"><svg onload=window.hurt=1>'><img src=x onerror=window.hurt=1>"
    "</textarea></title></script><iframe src=javascript:window.hurt=1></iframe>"
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=window.hurt=1&gt;'>"
    "[x](javascript:window.hurt=1) ![x](https://evil.example/x.png) <a href='jAvAsCrIpT&colon;window.hurt=1'>x</a>"
    "<form action=https://evil.example><input name=csrf_token></form><base href=https://evil.example/>"
    "<div hx-get=/account/sign-out hx-trigger=load hx-on::load=window.hurt=1>"
)

#: By name, so that a failure says which it was.
TEXTS: dict[str, str] = {
    "markup": MARKUP,
    "short markup": "<svg onload=window.hurt=1>",
    "templates and formats": "{{7*7}} ${7*7} #{7*7} {%import os%} %(name)s %s %n {0.__class__} {request} <%=7*7%>",
    "header splitting": "a%0d%0aSet-Cookie:evil=1\r\nSet-Cookie: evil=1\r\n\r\n<html>",
    "nul": "가나다\x00라마",
    "control characters": "가\x1b[31m나\x08다\x7f라\x85마",
    "lone surrogate": "가\ud800나",
    "bidi": "\u202e요냐\u2066abc\u2069\u200f\u061c 제안\u202c",
    "invisible": "\u200b\u200d\ufeff\u2060\u00ad",
    "combining": "ㅎ" + "\u0301" * 400,
    "emoji and right to left": "👩‍👩‍👧‍👦🏳️‍🌈 مرحبا שלום 👍🏽 ﷽",
    "very long": "가" * 250_000,
    "paths": "../../../../etc/passwd\\..\\..\\windows\\win.ini file:///etc/passwd",
    "registration number": "제 번호는 900101-1234567 입니다",
    "sql": "'; DROP TABLE people; -- \" OR 1=1 /* %' ESCAPE '\\",
    "formula": "=cmd|' /C calc'!A0",
    "search operators": 'NEAR(a b) AND OR NOT ( " * ^ : & | ! <-> :*',
    "huge number": "9" * 400,
    "odd numbers": "-1e309",
    "full-width digits": "１２３",
    "first moment": "0001-01-01T00:00",
    "last moment": "9999-12-31T23:59",
    "empty": "",
    "blank": " \t\u3000 ",
}

#: Instead of an id, in an address or in a field that holds one.
WRONG_IDS = ["-1", "0", "9" * 31, "letters", "1.5", "zzzzzzzzzzzzz", "%00", "..%2f..", "null", "가", "1 OR 1=1"]

_OWN_SCRIPTS = ("/assets/",)


def assert_inert(page: html.HtmlElement, address: str) -> None:
    assert not (wrong := acting_parts(page, address)), f"{address}: {wrong}"


def acting_parts(page: html.HtmlElement, address: str) -> str:
    """What acts on the page although the site did not put it there; empty where nothing does."""
    wrong = [
        html.tostring(script)[:200].decode()
        for script in page.xpath("//script")
        if not (script.get("src") or "").startswith(_OWN_SCRIPTS)
    ]
    for node in page.xpath("//*"):
        for name, value in node.attrib.items():
            if name.lower().startswith(("on", "hx-on", "data-hx-on")) or _leads_away(node.tag, name.lower(), value):
                wrong.append(f"{node.tag} {name}={value:.80}")
    banned = page.xpath("//iframe | //object | //embed | //base | //math | //style | //*[@style] | //*[@srcdoc]")
    wrong += [html.tostring(each)[:120].decode() for each in banned]
    for resident in page.xpath("//*[contains(concat(' ', @class, ' '), ' prose ')]//*"):
        wrong += [f"resident text with {name}" for name in resident.attrib if name.startswith(("hx-", "data-hx"))]
    return "; ".join(wrong)


def _leads_away(tag: str, name: str, value: str) -> bool:
    if name not in {"href", "src", "action", "formaction", "xlink:href", "data", "srcset", "poster"}:
        return False
    scheme = "".join(value.split()).split(":")[0].lower() if ":" in value else ""
    if scheme in {"javascript", "vbscript", "data", "file", "blob"}:
        return True
    return tag in {"img", "script", "link", "source", "video", "form"} and value.startswith(("http:", "https:", "//"))
