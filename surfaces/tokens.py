"""From the text of a formula to its signs and words, each with its place."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches

from surfaces.declarations import canonical
from surfaces.tree import SPACES, ExpressionError, visible
from surfaces.vocabulary import (
    ARITY,
    CLOSING,
    CONSTANTS,
    FUNCTION_NAMES,
    GREEK,
    LATEX_BRACKETS,
    LATEX_SHOWN,
    LATEX_SIGNS,
    LATEX_SPACES,
    LATEX_STYLES,
    LETTERS_OF_PAIRS,
    LONG_OPERATORS,
    MODULES,
    NORMALISED,
    OPERATORS,
    PAIRS,
    REFUSED,
    REFUSED_SIGNS,
    REFUSED_WITH_BRACKETS,
    RESERVED,
    ROOTS,
    SPLIT_NAMES,
    SUBSCRIPTS,
    SUPERSCRIPTS,
)

MOST_DIGITS = 30
SMALLEST_NUMBER, LARGEST_NUMBER = 1e-100, 1e100
LONGEST_NAME_OF_A_CONSTANT = 20

_NUMBER = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WITH_COMMA = re.compile(r"(?:0|[1-9][0-9]*),(?![0-9]{3}(?![0-9]))[0-9]+(?![0-9.,])|0,[0-9]{3}(?![0-9.,])")
_POWER = re.compile(f"[{''.join(SUPERSCRIPTS)}]+")
_RAISED_ROOT = re.compile("([²³⁴⁵⁶⁷⁸⁹])√")
_INDICATOR = re.compile(r"\\(?:mathbf|mathbb|mathds|boldsymbol|bm)\s*\{\s*1\s*\}\s*_?\s*(?=[({\[]|\\left)")
_INDEX = re.compile(r"_\{\s*([0-9]{1,2})\s*\}|_([0-9]{1,2})(?![0-9.])|_?([₀-₉]{1,2})(?![0-9₀-₉])|([0-9])(?![0-9.₀-₉])")
_IN_BRACKETS = re.compile(r"\[\s*([0-9]{1,2})\s*\]")
_IN_ROUND_BRACKETS = re.compile(r"\(\s*([0-9]{1,2})\s*\)")
_EMPTY = {"(": re.compile(r"\(\s*\)"), "{": re.compile(r"\{\s*\}")}
_BASE = re.compile(r"_?\{?\s*(2|10|e|₂|₁₀)\s*\}?(?![0-9.₀-₉])")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_RUN = re.compile(r"[A-Za-z]+")
_PATH = re.compile(r"((?:[A-Za-z_][A-Za-z0-9_]*\.)+)([A-Za-z_][A-Za-z0-9_]*)")
_COMMAND = re.compile(r"\\([A-Za-z]+\*?|.)", re.DOTALL)
_STYLED = re.compile(rf"\\(?:{LATEX_STYLES.replace('*', '[*]')})\s*\{{\s*([^{{}}\\]*?)\s*\}}")
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{\s*([A-Za-z]+\*?)\s*\}")
_FRACTIONS = ("frac", "dfrac", "tfrac", "cfrac")
_KEYWORDS = {"and": "and", "or": "or", "if": "if", "else": "else", "otherwise": "otherwise", "for": "if", "when": "if"}
_LONG = sorted(LONG_OPERATORS, key=len, reverse=True)


@dataclass(frozen=True)
class Token:
    """A sign or a word; start, end: its place in the text."""

    kind: str
    value: str
    start: int
    end: int


def tokens(text: str, start: int, end: int, declared: Collection[str] = ()) -> list[Token]:
    """The tokens of a part of a text, and one of the kind "end". Raises ExpressionError."""
    return _Reader(text, start, end, declared).all()


def plain(text: str) -> str:
    """The text with wide and mathematical letters, digits and signs as those of the keyboard, in the same places."""
    return "".join(map(_plain, text))


def _plain(character: str) -> str:
    if character.isascii():
        return character
    code = ord(character)
    if 0xFF01 <= code <= 0xFF5E or 0x1D400 <= code <= 0x1D7FF or character in "µℯℎ":
        normal = unicodedata.normalize("NFKC", character)
        return {"ϑ": "θ", "ϕ": "φ", "ϵ": "ε", "∂": character, "∇": character}.get(normal, normal)
    # Marks of multiplication and application that cannot be seen, which pictures of formulas hold.
    return " " if character in "\u2061\u2062\u2063\u2064" else character


class _Reader:
    """Reads the text from left to right."""

    def __init__(self, text: str, start: int, end: int, declared: Collection[str]):
        self.text, self.plain = text, plain(text[:end])
        self.begin, self.place, self.end = start, start, end
        self.declared = set(declared)
        self.tokens: list[Token] = []
        # For each open bracket whether commas separate in it, and how many arguments of \frac wait outside of it.
        self.brackets: list[tuple[bool, int]] = []
        # So many of the next signs are arguments of \frac or \sqrt, of one digit each where they have no braces.
        self.waiting = 0
        # What opens next to \left or closes next to \right is known to do so.
        self.side = ""
        self.cases = 0
        self.aligned = "\\begin{align" in text or "\\begin{gather" in text

    def all(self) -> list[Token]:
        while self.place < self.end:
            if self._is_space(self.plain[self.place]):
                self.place += 1
            else:
                self._read(self.plain[self.place])
        self._add("end", "", self.end)
        return self.tokens

    def _is_space(self, character: str) -> bool:
        """True for spaces, for LaTeX's ~ behind a factor, and for the & that aligns lines."""
        if character == "~":
            return bool(self.tokens) and self.tokens[-1].kind not in OPERATORS.values()
        return character in SPACES or (character == "&" and self.aligned and not self.cases)

    def fail(self, reason: str, start: int, end: int) -> ExpressionError:
        return ExpressionError(reason, self.text, start, end)

    def _add(self, kind: str, value: str, end: int) -> None:
        self.tokens.append(Token(kind, value, self.place, end))
        self.place = end
        self.side = ""

    def _match(self, pattern: re.Pattern, place: int | None = None) -> re.Match | None:
        return pattern.match(self.plain, self.place if place is None else place, self.end)

    def _read(self, character: str) -> None:
        if character == "\\":
            self._command()
        elif self._match(_NUMBER):
            self._number()
        elif character == "{" and (empty := self._match(_EMPTY["{"])) and not self._needs_argument():
            self._skip(empty.end())
        elif character in "([{⌊⌈":
            self._open(character, self.place + 1)
        elif character in ")]}⌋⌉":
            self._close(character, self.place + 1)
        elif sign := next((sign for sign in _LONG if self.plain.startswith(sign, self.place)), None):
            kind = "&" if sign == "&" and self.cases else LONG_OPERATORS[sign]
            self._add(kind, kind, self.place + len(sign))
        elif self.plain.startswith(("==", "!="), self.place):
            raise self.fail(REFUSED["ne"], self.place, self.place + 2)
        elif character == "|" and self.side:
            self._add("|" + self.side, "|", self.place + 1)
        elif character == ";" and self.brackets:
            self._add(",", ";", self.place + 1)
        elif character == ";" or (character == "," and self.place + 1 >= self.end):
            reason = "A semicolon ends a formula. Behind it stand values of constants only, such as a = 2."
            raise self.fail(reason, self.place, self.place + 1)
        elif character in OPERATORS:
            self._add(OPERATORS[character], character, self.place + 1)
        elif (root := self._match(_RAISED_ROOT)) and not self._is_behind_factor():
            self._add("root", SUPERSCRIPTS[root.group(1)], root.end())
        elif power := self._match(_POWER):
            self._raised(power)
        elif character in ROOTS:
            self._add("root", str(ROOTS[character]), self.place + 1)
        elif (share := _share(character)) is not None:
            self._add("share", share, self.place + 1)
        else:
            self._word()

    def _is_behind_factor(self) -> bool:
        kinds = ("number", "name", "constant", "share", "raised", ")", "|", "|)", "function")
        return bool(self.tokens) and self.tokens[-1].kind in kinds

    def _needs_argument(self) -> bool:
        return bool(self.waiting) or (bool(self.tokens) and self.tokens[-1].kind in ("^", "function", "root"))

    # Numbers

    def _number(self) -> None:
        number = self._match(_NUMBER)
        if self.waiting and self.plain[self.place].isdigit():
            self.waiting -= 1
            return self._add("number", number.group()[0], self.place + 1)
        comma = self._match(_WITH_COMMA)
        if comma and not (self.brackets and self.brackets[-1][0]):
            return self._add("number", comma.group().replace(",", "."), comma.end())
        return self._add("number", self._checked(number.group(), number.end()), number.end())

    def _checked(self, number: str, end: int) -> str:
        mantissa = re.split("[eE]", number)[0]
        if re.match("0[0-9]", number):
            reason = "A number does not begin with 0. Write 1000 without a comma, and 0.5 with a point."
            raise self.fail(reason, self.place, end)
        if sum(map(str.isdigit, mantissa)) > MOST_DIGITS:
            raise self.fail(f"This number has more than {MOST_DIGITS} digits.", self.place, end)
        if not mantissa.strip("0."):
            return "0"
        if not SMALLEST_NUMBER <= float(number) <= LARGEST_NUMBER:
            reason = f"This number is outside the limits, from {SMALLEST_NUMBER:g} to {LARGEST_NUMBER:g}."
            raise self.fail(reason, self.place, end)
        return number

    def _raised(self, power: re.Match) -> None:
        digits = "".join(SUPERSCRIPTS[digit] for digit in power.group()).removeprefix("+")
        if not re.fullmatch("-?[0-9]+", digits):
            raise self.fail(
                "Only whole numbers can be raised. Write ^ instead, such as e^(-x).", self.place, power.end()
            )
        self._add("raised", digits, power.end())

    # Brackets

    def _open(self, bracket: str, end: int) -> None:
        before = self.tokens[-1] if self.tokens else None
        separates = before is not None and before.kind == "function" and ARITY[before.value.split()[0]][1] > 1
        separates = separates or (before is not None and before.kind == "if")
        separates = separates and not self._has_semicolon(end)
        outer = max(0, self.waiting - 1)
        if bracket == "(" and not self.side and self.waiting:
            raise self.fail("Write the parts of a LaTeX fraction or root in braces: \\frac{1}{2}.", self.place, end)
        inherits = bool(self.brackets) and self.brackets[-1][0] and bracket != "{"
        self.brackets.append((separates or inherits, outer))
        self.waiting = 0
        self._add("(", bracket, end)

    def _has_semicolon(self, place: int) -> bool:
        """True where a semicolon separates in the bracket that opens before a place: there a comma is a decimal one."""
        depth = 1
        for character in self.plain[place : self.end]:
            depth += (character in "([{") - (character in ")]}")
            if depth == 0 or (depth == 1 and character == ";"):
                return depth == 1
        return False

    def _close(self, bracket: str, end: int) -> None:
        _, self.waiting = self.brackets.pop() if self.brackets else (False, 0)
        self._add(")", bracket, end)

    # LaTeX

    def _command(self) -> None:
        if indicator := self._match(_INDICATOR):
            return self._add("indicator", "1", indicator.end())
        if environment := self._match(_ENVIRONMENT):
            return self._environment(*environment.groups(), environment.end())
        command = self._match(_COMMAND)
        if command is None:
            raise self.fail("A LaTeX command is missing behind the backslash.", self.place, self.place + 1)
        name, end = command.group(1), command.end()
        if (styled := self._match(_STYLED)) is not None:
            return self._styled(styled)
        if name in LATEX_SPACES:
            self.place = end
            if name in ("left", "right"):
                self.side = "(" if name == "left" else ")"
            elif name.startswith(("big", "Big")) and name[-1] in "lr":
                self.side = "(" if name[-1] == "l" else ")"
            return None
        if name == "\\":
            return self._add("row", "\\\\", end) if self.cases else self._skip(end)
        if name in _FRACTIONS:
            self._add("frac", name, end)
            self.waiting = 2
            return None
        if name == "sqrt":
            return self._latex_root(end)
        if name in LATEX_SIGNS:
            kind = LATEX_SIGNS[name]
            return self._add(kind + self.side if kind == "|" else kind, kind, end)
        if name in LATEX_BRACKETS:
            return self._latex_bracket(LATEX_BRACKETS[name], end)
        if name in ("{", "}"):
            return self._latex_bracket(name, end)
        return self._named_command(name, end)

    def _skip(self, end: int) -> None:
        self.place = end

    def _named_command(self, name: str, end: int) -> None:
        if name in REFUSED or (name in ("min", "max") and self.plain[end : self.end].lstrip(SPACES)[:1] == "_"):
            raise self.fail(REFUSED.get(name, REFUSED["minimize"]).format(f"\\{name}"), self.place, end)
        if name in GREEK:
            self.waiting = max(0, self.waiting - 1)
            return self._letter(GREEK[name], end)
        if FUNCTION_NAMES.get(name.lower()) or name in CONSTANTS:
            self.waiting = max(0, self.waiting - 1)
            return self._known(name, end)
        near = get_close_matches(name, [*FUNCTION_NAMES, *GREEK, *_FRACTIONS, "sqrt", "cdot", "left", "right"], 1, 0.75)
        hint = f" Did you mean \\{near[0]}? Else leave it out." if near else " Write the formula without it."
        raise self.fail(f"The LaTeX command \\{name[:20]} is not known here.{hint}", self.place, end)

    def _latex_root(self, end: int) -> None:
        degree = re.compile(r"\s*\[\s*([0-9]{1,2})\s*\]").match(self.plain, end, self.end)
        self._add("root", degree.group(1) if degree else "2", degree.end() if degree else end)
        self.waiting = 1

    def _latex_bracket(self, bracket: str, end: int) -> None:
        if bracket in ("|(", "|)"):
            self._add(bracket, "|", end)
        elif bracket in CLOSING:
            self._open(bracket, end)
        else:
            self._close(bracket, end)

    def _environment(self, kind: str, name: str, end: int) -> None:
        if name in LATEX_SHOWN:
            return self._skip(end)
        if name not in ("cases", "cases*", "dcases", "rcases"):
            raise self.fail(REFUSED["matrix"], self.place, end)
        self.cases += 1 if kind == "begin" else -1
        return self._add("cases" if kind == "begin" else "endcases", name, end)

    def _styled(self, styled: re.Match) -> None:
        """A word in upright or bold letters: \\operatorname{sinc}, \\mathrm{e}, \\mathbf{w}, \\text{if }."""
        word, end = styled.group(1), styled.end()
        words = re.findall("[A-Za-z]+", word.lower())
        if self.cases and (not words or any(part in _KEYWORDS for part in words)):
            kind = next((_KEYWORDS[part] for part in words if part in _KEYWORDS), "if")
            return self._add(kind, word, end)
        if word.lower() in FUNCTION_NAMES:
            return self._known(word, end)
        if word.lower() in REFUSED and len(word) > 1:
            raise self.fail(REFUSED[word.lower()].format(word), self.place, end)
        if word in CONSTANTS:
            return self._add("constant", CONSTANTS[word], end)
        if re.fullmatch("[A-Za-z]|[α-ωΑ-Ω]", word) or word in self.declared:
            return self._letter(word, end)
        if _RUN.fullmatch(word) and len(word) <= LONGEST_NAME_OF_A_CONSTANT:
            return self._add("name", word, end)
        raise self.fail("These words are not part of a formula.", self.place, end)

    # Words

    def _word(self) -> None:
        """A name; in a run of letters, the longest name that begins here."""
        character = self.plain[self.place]
        if path := self._match(_PATH):
            return self._path(path)
        identifier = self._match(_IDENTIFIER)
        if identifier is None:
            return self._other(character)
        if self._declared(identifier) or self._with_digits():
            return None
        word = identifier.group()
        run = self._match(_RUN).group()
        end = self.place + len(run)
        lower = run.lower()
        if lower in ("true", "false") and run == run.capitalize():
            return self._add(lower, run, end)
        if lower == "if" and self.plain[end : self.end].lstrip(SPACES)[:1] in ("(", "["):
            return self._add("if", run, end)
        if lower in ("otherwise",) or (run in _KEYWORDS and run not in ("for", "when")):
            return self._add(_KEYWORDS[lower], run, end)
        if lower in REFUSED_WITH_BRACKETS and self.plain[end : end + 1] == "(":
            raise self.fail(REFUSED_WITH_BRACKETS[lower], self.place, end)
        if run in GREEK:
            return self._letter(GREEK[run], end)
        if lower in FUNCTION_NAMES or lower in CONSTANTS:
            return self._known(run, end)
        if len(run) == 1:
            return self._letter(run, end)
        if (pieces := self._pieces(run)) and not self._is_called(end, run):
            return self._add_pieces(pieces)
        return self._constant_or_fail(word)

    def _other(self, character: str) -> None:
        if character in CONSTANTS:
            return self._add("constant", CONSTANTS[character], self.place + 1)
        if character == "Γ" and self.plain[self.place + 1 : self.place + 2] == "(":
            raise self.fail(REFUSED_WITH_BRACKETS["gamma"], self.place, self.place + 1)
        if character in GREEK.values() and character not in REFUSED_SIGNS:
            return self._letter(character, self.place + 1)
        if character == "Θ":
            return self._letter("θ", self.place + 1)
        raise self.fail(_stranger(self.text[self.place], character), self.place, self.place + 1)

    def _path(self, path: re.Match) -> None:
        """numpy's sin is ours."""
        first, name = path.group(1).split(".")[0], path.group(2)
        if first not in MODULES:
            reason = (
                f"A point cannot stand behind {first[:20]!r} here. Write x^2 and sin(x), without objects and methods."
            )
            raise self.fail(reason, path.start(), path.end())
        lower = name.lower()
        if lower in REFUSED:
            raise self.fail(REFUSED[lower].format(name), path.start(), path.end())
        if lower not in FUNCTION_NAMES and lower not in CONSTANTS:
            raise self.fail(_unknown(name), path.start(), path.end())
        if FUNCTION_NAMES.get(lower) == "sinc" and first in NORMALISED:
            return self._add("function", "sinc normalised", path.end())
        return self._known(name, path.end())

    def _known(self, name: str, end: int) -> None:
        """A function, with the base of a logarithm below it, or a constant."""
        function = FUNCTION_NAMES.get(name.lower())
        if function == "mod" and self._is_behind_factor() and self.plain[end : end + 1] != "(":
            return self._add("%", "%", end)
        if function is None:
            empty = self._match(_EMPTY["("], end)
            return self._add("constant", CONSTANTS[name.lower()], empty.end() if empty else end)
        if function == "log" and end < self.end and (base := self._match(_BASE, end)) and self.plain[end] in "_₂₁":
            function = {"2": "log2", "₂": "log2", "10": "log10", "₁₀": "log10", "e": "log"}[base.group(1)]
            end = base.end()
        elif function == "log" and self.plain[end : end + 1] in ("_", *"₀₁₂₃₄₅₆₇₈₉"):
            raise self.fail("Only the bases 2, 10 and e can stand below log. Write log(x)/log(3).", self.place, end + 1)
        name_end = end
        self._add("function", function, name_end)

    def _declared(self, identifier: re.Match) -> bool:
        """True where a name of the head or of the tail was read."""
        word = identifier.group()
        brackets = self._match(_IN_BRACKETS, identifier.end()) or self._index_in_round_brackets(identifier)
        if brackets and word.lower() not in FUNCTION_NAMES and (word not in CONSTANTS or brackets.group()[0] == "["):
            self._add("name", canonical(f"{GREEK.get(word, word)}_{brackets.group(1)}"), brackets.end())
            return True
        if canonical(word) in self.declared and (len(word) > 1 or word not in CONSTANTS):
            index = self._match(_INDEX, identifier.end())
            if index is None or canonical(word)[-1:] in "₀₁₂₃₄₅₆₇₈₉":
                self._add("name", canonical(word), identifier.end())
                return True
        return False

    def _index_in_round_brackets(self, identifier: re.Match) -> re.Match | None:
        """The (1) of Matlab's x(1): only where a number in brackets stands behind the name wherever it stands."""
        elsewhere = re.compile(rf"(?<![A-Za-z_]){identifier.group()}(?![A-Za-z0-9_]|{_IN_ROUND_BRACKETS.pattern})")
        found = self._match(_IN_ROUND_BRACKETS, identifier.end())
        return found if found and not elsewhere.search(self.plain, self.begin, self.end) else None

    def _with_digits(self) -> bool:
        """True where a function with digits in its name was read, such as log10 or atan2."""
        text = self.plain[self.place : self.end].lower()
        known = [name for name in FUNCTION_NAMES if not name.isalpha() and text.startswith(name)]
        if not known:
            return False
        name = max(known, key=len)
        end = self.place + len(name)
        if name[-1].isdigit() and re.match("[0-9.]", self.plain[end : self.end]):
            reason = f"It is unclear which logarithm this is. Write {name}(…), or log(…) for the natural one."
            if not name.startswith("log"):
                reason = _unknown(self._match(_IDENTIFIER).group())
            raise self.fail(reason, self.place, end + 1)
        self._add("function", FUNCTION_NAMES[name], end)
        return True

    def _letter(self, letter: str, end: int) -> None:
        """One letter, perhaps with an index."""
        letter = letter.lower() if letter in ("X", "Y") else letter
        index = self._match(_INDEX, end)
        if index:
            digits = next(filter(None, index.groups()))
            return self._checked_letter(canonical(f"{letter}{digits}"), index.end())
        if self.plain[end : end + 1] == "[":
            reason = f"An index is a whole number: {letter}[0] and {letter}[1]. Write * for a product."
            raise self.fail(reason, self.place, end + 1)
        if self.plain[end : end + 1] == "_":
            raise self.fail(f"An index is a number of one or two digits, such as {letter}_1.", self.place, end + 1)
        behind = self.plain[end : self.end].lstrip(SPACES)
        if letter == "σ" and "σ" not in self.declared and behind.startswith(("(", "[", "\\left", "\\big", "\\Big")):
            return self._add("function", "sigmoid", end)
        if letter == "θ" and "θ" not in self.declared:
            raise self.fail("Write theta1 or theta2.", self.place, end)
        return self._checked_letter(letter, end)

    def _checked_letter(self, name: str, end: int) -> None:
        if name in ("i", "j") and name not in self.declared:
            raise self.fail(REFUSED[name].format(name), self.place, end)
        if (
            name in ("f", "g", "h", "F", "G", "H", "L", "J")
            and self.plain[end : end + 1] == "("
            and name not in self.declared
        ):
            reason = f"The function {name} is not known here. Write {name}*(…) for a product, or a known function."
            raise self.fail(reason, self.place, end)
        self.waiting = max(0, self.waiting - 1)
        self._add("name", name, end)

    def _pieces(self, run: str) -> list[str]:
        """A run of letters as functions and single letters side by side, or nothing where it is a word."""
        pieces, place, lower = [], 0, run.lower()
        while place < len(run):
            name = next((name for name in SPLIT_NAMES if lower.startswith(name, place)), run[place])
            pieces.append(run[place : place + len(name)])
            place += len(name)
        letters = [piece for piece in pieces if len(piece) == 1 and piece not in "eE"]
        usual = {"x", "y", "X", "Y", "w", "b", "W", "B", *(name for name in self.declared if len(name) == 1)}
        if all(letter in usual for letter in letters):
            return pieces
        functions = [piece for piece in pieces if piece.lower() in FUNCTION_NAMES]
        if run in ("dx", "dy", "dz", "dt"):
            raise self.fail(REFUSED["diff"], self.place, self.place + len(run))
        if functions:
            behind = len(pieces) == 2 and pieces[0] in functions
            return pieces if behind and pieces[1] in LETTERS_OF_PAIRS else []
        if len(run) > 3 or run.lower() in RESERVED or len(pieces) < len(run) or set(letters) & {"i", "j"}:
            return []
        pair = any(set(letters) <= set(pair) for pair in PAIRS)
        return pieces if pair or set(letters) & {"x", "y", *self.declared} else []

    def _is_called(self, end: int, run: str) -> bool:
        """True where a bracket follows a run of letters that are not all variables, as behind a function's name."""
        usual = {*"xyXYwbWBeE", *self.declared}
        last = [name for name in SPLIT_NAMES if run.lower().endswith(name)]
        return self.plain[end : end + 1] == "(" and not (set(run) <= usual or last)

    def _add_pieces(self, pieces: list[str]) -> None:
        for place, piece in enumerate(pieces):
            end = self.place + len(piece)
            lower = piece.lower()
            if lower in CONSTANTS and piece not in self.declared:
                self._add("constant", CONSTANTS[lower], end)
            elif lower in FUNCTION_NAMES:
                self._known(piece, end)
            elif place == len(pieces) - 1 and (
                place == 0
                or pieces[place - 1].lower() in FUNCTION_NAMES
                or self.plain[end : end + 1] in ("_", *SUBSCRIPTS)
            ):
                self._letter(piece, end)
            else:
                self._add("name", piece.lower() if piece in "XY" else piece, end)

    def _constant_or_fail(self, word: str) -> None:
        """A longer name of a constant where * or / joins it to the rest, as in a program."""
        end = self.place + len(word)
        after = self.plain[end : self.end].lstrip(SPACES)[:1]
        before = self.tokens[-1].kind if self.tokens else ""
        near = _near(word)
        if word.lower() in REFUSED:
            raise self.fail(REFUSED[word.lower()].format(word), self.place, end)
        is_joined = after in ("*", "/", "·") or (before in ("*", "/") and after not in ("(", "["))
        is_name = word.replace("_", "").isalpha() and word.lower() not in RESERVED and not near
        if is_joined and is_name and len(word) <= LONGEST_NAME_OF_A_CONSTANT:
            return self._add("name", word, end)
        raise self.fail(_unknown(word), self.place, _word_end(self.text, self.place, self.end))


def _word_end(text: str, place: int, end: int) -> int:
    while place < end and (text[place].isalnum() or text[place] == "_"):
        place += 1
    return place


def _near(word: str) -> str:
    names = [name for name in FUNCTION_NAMES if len(name) > 2] + [name for name in GREEK if len(name) > 3]
    matches = get_close_matches(word.lower()[:30], names, 1, 0.75)
    return matches[0] if matches else ""


def _unknown(word: str) -> str:
    shown = "".join(map(visible, word[:20]))
    if word.lower().startswith("theta"):
        return "Write theta1 or theta2."
    if near := _near(word):
        return (
            f"The word {shown!r} is not known here. Did you mean {near}? Else use x and y, and functions such as exp."
        )
    return (
        f"The word {shown!r} is not known here. Use x and y, numbers, and functions such as sin, exp and sqrt. "
        "Write * between letters that are factors."
    )


def _share(character: str) -> str | None:
    """ "1/2" for ½."""
    if character.isascii() or unicodedata.category(character) != "No":
        return None
    parts = unicodedata.normalize("NFKC", character).split("\u2044")
    return "/".join(parts) if len(parts) == 2 and all(part.isascii() and part.isdigit() for part in parts) else None


def _stranger(typed: str, character: str) -> str:
    if character in REFUSED_SIGNS:
        return REFUSED_SIGNS[character]
    if character == "_":
        return "The sign _ stands between a letter and its index, such as x_1."
    if unicodedata.decomposition(character).startswith("<super>"):
        return "Write a raised letter with ^ before it, such as e^x."
    name = unicodedata.name(typed, "a character without a name").lower()
    if character.isalpha() and ord(character) > 127:
        return f"This letter is {name}, which is not used here. Use x and y from the keyboard."
    if not character.isprintable():
        return f"There is an invisible character, {name} (U+{ord(character):04X}). Delete it."
    if visible(character) != character:
        return f"This character is {name} (U+{ord(character):04X}), which is not used in formulas here."
    return f"The character {character!r} is not used in formulas here."
