"""Nothing on a page acts: what does is seen, and texts that merely speak of it are not accused."""

import pytest

from qgdr_eval.press.living import is_living

ACTING = """
<script>x()</script>
<SCRIPT src=x>
<iframe srcdoc="<p>autre</p>"></iframe>
<object data=x></object>
<form action="https://example.org"><input name="a"></form>
<button formaction=x>
<p onclick="x()">
<svg/onload=x()>
<img/src="x"/onerror=x()>
<a\tonmouseover\t=\tx()>
<p title='>' onfocus=x()>
<details ontoggle=x()>
<meta http-equiv="refresh" content="0;url=https://example.org">
<META HTTP-EQUIV=Refresh content=1>
<meta http-equiv="set-cookie" content="a=1">
<a href="javascript:x()">
<a href=" JaVaScRiPt:x()">
<a href="java&#115;cript:x()">
<a href="&Tab;java&NewLine;script&colon;x()">
<a href="java\tscript:x()">
<a href="vbscript:x()">
<a href="data:text/html,<p>autre</p>">
<svg><a xlink:href="javascript:x()">
<svg><animate attributeName="href" values="#b">
<svg><set attributeName="visibility" to="hidden">
<base href="https://example.org/">
""".strip().splitlines()
STILL = """
<p>L'onglet = 3, on a = b ; « javascript: » et <code>&lt;script&gt;</code></p>
<p title="onclick = un gestionnaire">texte</p>
<!-- <script>x()</script> -->
<a href="#figure-1">
<a href="https://example.org/?onclick=2&amp;b=3">
<a href="services/01-m&eacute;decine.html">
<img alt="Scores" src="data:image/png;base64,iVBORw0KGgo=">
<img alt="" src="data:image/svg+xml,%3Csvg%3E">
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<meta name="viewport" content="width=device-width">
<details open><summary>Réglages</summary></details>
<style>.once = {} .on-top { color: red }</style>
""".strip().splitlines()


@pytest.mark.parametrize("html", ACTING)
def test_what_acts_is_seen(html):
    assert is_living(f"<main><p>Médecine</p>{html}</main>")


@pytest.mark.parametrize("html", STILL)
def test_what_stands_still_is_not_accused(html):
    assert not is_living(f"<main>{html}</main>")
