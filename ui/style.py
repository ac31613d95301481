"""The few rules of CSS that Streamlit's theme has no setting for."""

import streamlit as st

from ui.theme import page_theme

_CSS = """
<style>
[data-testid="stMainBlockContainer"] { padding: 3.75rem 1.5rem 1rem; }
[data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"] { gap: 0.25rem; }
[data-testid="stMain"] h1 { font-size: 1.5rem; padding: 0; }
[data-testid="stHeading"]:has(h1) [data-testid="stMarkdownContainer"] { margin-bottom: 0; }
@media (min-width: 1200px) {
    [class*="st-key-"][class*="-beside"] { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 1fr);
        gap: 1.5rem; }
}
/* All that is chosen is seen, in as many lines as it takes. */
[data-testid="stMultiSelectTagsContainer"][class] { flex-wrap: wrap; overflow: visible; height: auto; }
[class]:has(> [data-testid="stMultiSelectTagsContainer"]) { height: auto; max-height: none; min-height: 2.5rem; }
@media (max-width: 640px) {
    .st-key-heading[class] { gap: 0 0.75rem; }
    .st-key-heading > :has([data-testid="stCaptionContainer"]) { order: 1; flex: 1 0 100%; }
    .st-key-heading > :has([data-testid="stPageLink"], .heading) { order: 2; }
    .heading[class] { font-size: 0.8125rem; }
}
/* Where there is little room, what is chosen above the instrument is one line to swipe along. */
@media (max-width: 640px), (max-height: 539px) {
    [class*="st-key-"][class*="-parts"] { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; }
    [class*="st-key-"][class*="-parts"] > * { flex: none; }
}
/* What stands above the instrument takes one line each: it must not push the pictures out of a window. */
[data-testid="stMain"] :is([class*="tries"], [data-testid="stButtonGroup"] > div) { flex-wrap: nowrap; overflow-x: auto;
    scrollbar-width: thin; }
:is([class*="tries"], [data-testid="stMain"] [data-testid="stButtonGroup"] > div) > * { flex: none; }
[class*="tries"] button { min-height: 2rem; padding-top: 0; padding-bottom: 0; }
[class*="-parts"] { row-gap: 0.25rem; }
.st-key-heading { row-gap: 0.1rem; }
[data-testid="stLayoutWrapper"]:has(> .st-key-look_at_answers) { margin-bottom: -0.8rem; }
/* Sentences that come and go above pictures have room: they must not move them. */
.st-key-look_at_answers { min-height: 1.35rem; }
@media (max-width: 1100px) and (min-height: 540px) { .st-key-look_at_answers { min-height: 2.65rem; } }
.st-key-own_surface-reading { min-height: 4.25rem; font-size: 0.85rem; line-height: 1.35; }
.st-key-own_surface-reading :is(pre, [data-testid="stAlertContainer"]) { padding: 0.2rem 0.6rem; font: inherit; }
.st-key-own_surface-reading [data-testid="stAlertContainer"] :is(div, p) { font: inherit; }
@media (max-height: 539px) { [data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"] { gap: 0.1rem; } }
/* Streamlit cuts the words above a number off where its column is narrow. */
[data-testid="stMetricLabel"] :is(div, p) { white-space: normal; overflow: visible; }
table.outcomes { width: 100%; border-collapse: collapse; font-size: 0.9rem; }
table.outcomes th, table.outcomes td { text-align: left; padding: 0.25rem 0.6rem; vertical-align: top;
    border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
table.outcomes thead th { font-weight: 600; opacity: 0.75; }
table.outcomes tbody th { white-space: nowrap; font-weight: 600; }
table.outcomes:not(.plain) :is(td, th):nth-child(n+4) { text-align: right;
    font-variant-numeric: tabular-nums; }
@media (max-width: 640px) {
    table.outcomes thead { display: none; }
    table.outcomes tr, table.outcomes th, table.outcomes td { display: block; border: 0; padding: 0.1rem 0; }
    table.outcomes.outcomes td:nth-child(n+4) { text-align: left; }
    table.outcomes tr { padding: 0.6rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
    table.outcomes td::before { content: attr(data-label) ": "; opacity: 0.7; }
}
/* Streamlit cuts formulas off at their line: tall fractions need room above it. */
[data-testid="stMarkdown"] .katex-display { padding: 0.6rem 0; margin: 0.2rem 0; }
[data-testid="stHeading"] h1:focus { outline: none; }
.heading { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.5rem; min-height: 2rem;
    font-size: 0.875rem; }
.heading button { font: inherit; color: inherit; background: none; padding: 0 0.6rem; min-height: 2rem; cursor: pointer;
    border: 1px solid color-mix(in srgb, currentColor 55%, transparent); border-radius: 0.4rem; white-space: nowrap; }
.heading button:hover { border-color: var(--st-primary-color, #0072b2); }
.heading button:focus-visible { outline: 2px solid var(--st-primary-color, #0072b2); outline-offset: 1px; }
/* Over what stands below: an answer moves nothing. */
.heading { position: relative; }
.heading [role="status"]:not(:empty) { position: absolute; right: 0; top: calc(100% + 0.15rem); z-index: 20;
    padding: 0.2rem 0.6rem; white-space: nowrap; border-radius: 0.4rem; box-shadow: 0 3px 12px rgb(0 0 0 / 0.25);
    border: 1px solid color-mix(in srgb, currentColor 55%, transparent);
    background: var(--st-background-color, Canvas); }
[data-testid="stApp"]:not(:has(.canvas)) .heading-iframe { display: none; }
.heading input { font: inherit; color: inherit; background: none; width: 12rem; min-height: 2rem;
    border: 1px solid color-mix(in srgb, currentColor 55%, transparent); border-radius: 0.4rem; }
.formula { position: relative; padding: 0.15rem 0; font-size: 1.2rem; line-height: 2;
    font-family: "KaTeX_Main", "Times New Roman", serif; }
.formula sub, .formula sup { line-height: 0; font-size: 0.7em; }
.formula-sentence { margin: 0.4rem 0 0; }
.symbol { cursor: help; padding: 0 0.1em; border-bottom: 1px dotted currentColor; outline-offset: 2px; }
.symbol:hover, .symbol:focus, .symbol:focus-within { background: color-mix(in srgb, currentColor 12%, transparent); }
.symbol-tip { display: none; position: absolute; left: 0; top: 100%; z-index: 20; width: max-content; max-width: 100%;
    padding: 0.5rem 0.8rem; font: 0.9rem/1.45 "Source Sans", sans-serif; border-radius: 0.4rem;
    background: var(--st-background-color, Canvas); color: var(--st-text-color, CanvasText);
    border: 1px solid color-mix(in srgb, currentColor 55%, transparent); box-shadow: 0 3px 12px rgb(0 0 0 / 0.25); }
.symbol:focus > .symbol-tip, .symbol:focus-within > .symbol-tip { display: block; }
.symbol:hover > .symbol-tip { display: block; z-index: 21; }
.symbols-frame { overflow-x: auto; }
table.symbols { width: 100%; border-collapse: collapse; font-size: 0.9rem; }
table.symbols th, table.symbols td { text-align: left; padding: 0.25rem 0.6rem; vertical-align: top;
    border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
table.symbols tbody th { font-weight: normal; }
table.symbols td:first-child { white-space: nowrap; font: 1.1rem "KaTeX_Main", "Times New Roman", serif; }
/* Streamlit's own 60 % of the text's colour is too faint to be read by all. */
[data-testid="stCaptionContainer"][data-testid] { opacity: 0.78; }
/* Streamlit writes in white on the colour of buttons and chips, however light that is. */
:is(button[kind="primary"], [data-testid="stMultiSelect"] span:has(> button))[class] { color: BACKGROUND; }
[data-testid="stMultiSelect"] span:has(> button) > button[class] { color: inherit; }
@media (forced-colors: active) {
    [data-testid="stButtonGroup"] :is([aria-checked="true"], [aria-pressed="true"])[class] {
        forced-color-adjust: none; background: Highlight; color: HighlightText; border-color: Highlight; }
    [data-testid="stButtonGroup"] :is([aria-checked="true"], [aria-pressed="true"]) * { color: inherit; }
}
</style>
"""
# What lies around the pictures is not reached by keys either.
_EMBEDDED = """
<style>
[data-testid="stApp"]:has(.canvas) [data-testid]:not(:has(.canvas), .canvas *) { display: none; }
[data-testid="stApp"]:has(.canvas) [data-testid="stMainBlockContainer"] { padding: 0; }
/* A page that may have no pictures is seen once it is clear that none come: its words do not flash up before them. */
@keyframes appear { from { visibility: hidden; } }
[data-testid="stApp"]:not(:has(.canvas)) { animation: appear 1s step-end; }
</style>
"""


def page_style() -> None:
    """Tightens the page so that the instrument fits on the first screen, and lays out tables and formulas.

    Of a page that is embedded in another one, only the pictures are left, and the sliders beside them.
    """
    st.html(_CSS.replace("BACKGROUND", page_theme().background))
    if st.context.is_embedded:
        st.html(_EMBEDDED)


def _css_text(text: str) -> str:
    """A text as a string of CSS in which nothing can end the string or the style element around it."""
    written = (letter if letter.isalnum() or letter in " :" else f"\\{ord(letter):x} " for letter in text)
    return f'"{"".join(written)}"'


def mark_in_navigation(place: int, section: str, title: str) -> None:
    """Says in the navigation where the reader is, which Streamlit does in its menus alone, once they are open.

    place: of the section, from 1. title: of the page in it.
    """
    menu = f'[data-testid="stTopNav"] .rc-overflow-item:nth-child({place}) [data-testid="stTopNavSection"]'
    st.html(f"""
<style>
{menu} {{ font-weight: 600; border-radius: 0.3rem 0.3rem 0 0;
    box-shadow: inset 0 -0.15rem var(--st-primary-color, #0072b2); }}
{menu} p::after {{ content: {_css_text(f": {title}")}; }}
[data-testid="stExpandSidebarButton"]::after {{ content: {_css_text(f"{section}: {title}")}; margin-left: 0.5rem;
    font-weight: 600; }}
</style>""")
