"""A field for a number: a text that the app reads itself, because a browser reads 0,5 as 5 and says nothing."""

import math
import re

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from surfaces.reading import NumberError, is_plain, number_of, quoted, written

LONGEST = 60
# The keys of the numbers in the link that a page has shown so far.
_SHOWN = "number fields shown"
# The page that is visited, and how many visits there were before.
_VISIT = "visit"


def number_field(
    place: DeltaGenerator,
    label: str,
    key: str,
    default: float,
    low: float = -math.inf,
    high: float = math.inf,
    *,
    complaints: DeltaGenerator,
    whole: bool = False,
    help: str | None = None,
    in_link: bool = True,
) -> float:
    """A field for a number from low to high; returns its value.

    The session holds the number under `key`, and other code may write another one there. The text has the key
    `typed_key(key)`: it stays as it was typed while it stands for that number. What cannot be read gets a sentence in
    `complaints`, and the number stays. A number beyond the limits of the moment is kept, and the nearest one that can
    be used is returned. in_link: whether the link carries the number under the name `key`, unless it is the default.
    """
    state, typed = st.session_state, typed_key(key)
    state.setdefault(_SHOWN, set()).add(key)
    number = prepared(key, default, low, high, whole=whole, in_link=in_link)
    place.text_input(label, key=typed, max_chars=LONGEST, help=help, on_change=_take, args=(key, low, high, whole))
    if (reason := wrong(state[typed], low, high, whole)) and state[typed] != _shown(state[key]):
        complaints.warning(f"{label}: {as_typed(reason)}. The page uses {_shown(number)}. {_advice(low, high, whole)}")
    elif number != state[key]:
        complaints.warning(f"{label}: {_shown(state[key])} cannot be used here. The page uses {_shown(number)}.")
    elif not is_plain(state[typed]):
        place.caption(f"Read as {_shown(number)}")
    if in_link:
        _write(key, None if state[key] == default else written(state[key]))
    return number


def prepared(
    key: str,
    default: float,
    low: float = -math.inf,
    high: float = math.inf,
    *,
    whole: bool = False,
    in_link: bool = True,
) -> float:
    """The value of a number field; for a page that needs it further up than where the field stands."""
    state, typed, of_text = st.session_state, typed_key(key), _of_text(key)
    cast = int if whole else float
    linked = _news(key, typed not in state) if in_link else None
    if not _is_number(state.get(key)) or (linked is None and went_back() and in_link):
        state[key] = cast(default)
    if typed not in state or state.get(of_text) != state[key]:
        state[typed], state[of_text] = _shown(state[key]), state[key]
    if linked is not None:
        state[typed] = linked
        _take(key, low, high, whole)
    return cast(min(max(state[key], low), high))


def note_page(url_path: str) -> None:
    """Says which page is shown; a link that somebody brings along is read when they come to a page."""
    page, visits = st.session_state.get(_VISIT, ("", 0))
    if url_path != page:
        st.session_state[_VISIT] = url_path, visits + 1


def carried(key: str, default: float, low: float = -math.inf, high: float = math.inf, *, whole: bool = False) -> float:
    """A number that the session holds and the link carries under the name `key`, unless it is the default.

    For what Streamlit has no widget for, on pages of which `note_page` was told. What the link says is taken if it is
    a number from low to high.
    """
    state, cast = st.session_state, int if whole else float
    state.setdefault(_SHOWN, set()).add(key)
    _, visits = state.get(_VISIT, ("", 0))
    linked = _news(key, state.get(f"{key} visit") != visits)
    state[f"{key} visit"] = visits
    if not _is_number(state.get(key)) or (linked is None and went_back()):
        state[key] = cast(default)
    if linked is not None and not wrong(linked, low, high, whole):
        state[key] = cast(number_of(linked))
    _write(key, None if state[key] == default else written(state[key]))
    return cast(state[key])


def begin_fields() -> None:
    """Begins a page on which numbers of the link come and go; `forget_hidden_fields` ends it."""
    st.session_state[_SHOWN] = set()


def forget_hidden_fields() -> None:
    """Takes the numbers out of the link that the page does not show now, as Streamlit does with its widgets."""
    for key in st.query_params.to_dict():
        if f"{key} in link" in st.session_state and key not in st.session_state[_SHOWN]:
            _write(key, None)


def put_value(key: str, value: object) -> None:
    """Gives a widget a value, in a callback. In a number field it takes the place of whatever was typed there."""
    st.session_state[key] = value
    if typed_key(key) in st.session_state:
        st.session_state[_of_text(key)] = None


def typed_key(key: str) -> str:
    """The key of the text of a number field."""
    return f"{key} typed"


def wrong(text: str, low: float = -math.inf, high: float = math.inf, whole: bool = False) -> str:
    """Why a text is no number from low to high, or nothing."""
    try:
        number = number_of(text)
    except NumberError as error:
        return str(error)
    if whole and not number.is_integer():
        return f"{quoted(text)} is not a whole number"
    if number < low:
        return f"{quoted(text)} is below {_shown(low)}"
    return f"{quoted(text)} is above {_shown(high)}" if number > high else ""


def _take(key: str, low: float, high: float, whole: bool) -> None:
    """Makes what was typed the number of the field, where it can be."""
    state = st.session_state
    text = state[typed_key(key)]
    if not wrong(text, low, high, whole):
        state[key] = state[_of_text(key)] = (int if whole else float)(number_of(text))


def _news(key: str, has_come: bool) -> str | None:
    """What the link says of a field that has just come to the page, unless the app itself wrote it there."""
    linked, own = st.query_params.get(key), st.session_state.get(f"{key} in link")
    is_news = went_back() or (has_come and linked != own)
    return linked[:LONGEST] if linked is not None and is_news else None


def went_back() -> bool:
    """True where this run follows a step through the browser's history, as far as Streamlit tells."""
    return bool(getattr(get_script_run_ctx(), "is_history_navigation", False))


def _write(key: str, text: str | None) -> None:
    st.session_state[f"{key} in link"] = text
    if text is None and key in st.query_params:
        del st.query_params[key]
    elif text is not None and st.query_params.get(key) != text:
        st.query_params[key] = text


def as_typed(text: str) -> str:
    """A sentence with typed text in it for Markdown, which shows it as it was typed."""
    return re.sub(r"([\\`*_\[\]<>$~])", r"\\\1", text)


def _of_text(key: str) -> str:
    """The key of the number that the text of a field stood for when it was last read or written."""
    return f"{key} of text"


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value)


def _shown(number: float) -> str:
    """A number as the field shows it: a whole one exactly unless it is long, any other with the digits that matter."""
    exact = written(number)
    return exact if len(exact) <= 10 and float(number).is_integer() else f"{number:.6g}"


def _advice(low: float, high: float, whole: bool) -> str:
    kind = "a whole number" if whole else "a number"
    if math.isfinite(low) and math.isfinite(high):
        return f"Write {kind} from {_shown(low)} to {_shown(high)}."
    return f"Write {kind} of at least {_shown(low)}." if math.isfinite(low) else f"Write {kind} such as 0.5 or -3."
