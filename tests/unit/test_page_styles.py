"""Styles of a page for slow networks: of bootstrap only what the page uses."""

import pytest

from gridgov.setup.page_styles import used_rules

USED = {"btn", "alert", "form-control", "fade-in"}


@pytest.mark.parametrize(("styles", "kept"), [
    ("p{margin:0}", "p{margin:0}"),
    (".btn{color:red}.carousel{color:red}", ".btn{color:red}"),
    (".btn,.carousel,h1{a:b}", ".btn,h1{a:b}"),
    (".btn.active{a:b}.btn:hover{a:b}", ".btn:hover{a:b}"),
    (".btn:not(.a,.b),.alert>p{a:b}", ".alert>p{a:b}"),
    (":is(.btn,.alert){a:b}", ":is(.btn,.alert){a:b}"),
    ("@media (a){.row{a:b}.btn{a:.5rem}}@media print{.row{a:b}}", "@media (a){.btn{a:.5rem}}"),
    ('@charset "UTF-8";/*! .x{} */:root{--a:1}', ":root{--a:1}"),
    ("@keyframes turn{0%{a:b}100%{a:c}}", "@keyframes turn{0%{a:b}100%{a:c}}"),
    ("@font-face{src:url(a.woff2)}", "@font-face{src:url(a.woff2)}"),
])
def test_rules_of_classes_that_the_page_does_not_name_go(styles, kept):
    assert used_rules(styles, USED) == kept
