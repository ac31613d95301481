"""A plain table that becomes a list of cards on a narrow screen."""

from collections.abc import Sequence
from html import escape

import streamlit as st


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Rows of texts below their headings; the first text of each row is its heading."""
    top = "".join(f"<th scope='col'>{escape(name)}</th>" for name in head)
    body = []
    for first, *others in rows:
        cells = "".join(
            f"<td data-label='{escape(name)}'>{escape(text)}</td>" for name, text in zip(head[1:], others, strict=True)
        )
        body.append(f"<tr><th scope='row'>{escape(first)}</th>{cells}</tr>")
    st.html(f"<table class='outcomes plain'><thead><tr>{top}</tr></thead><tbody>{''.join(body)}</tbody></table>")
