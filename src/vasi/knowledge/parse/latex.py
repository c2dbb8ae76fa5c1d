"""LaTeX: the text as it would be set, without the commands that set it. Nothing is included, no macro is run."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from vasi.knowledge.parse.blocks import Block, Parsed, clean
from vasi.knowledge.parse.grid import Cell
from vasi.knowledge.parse.latex_symbols import ACCENTS, SYMBOLS
from vasi.knowledge.parse.table import records

_TOKEN: Final = re.compile(
    r"\\([a-zA-Z@]{1,60})\*?[ \t]*|\\(.)|(%[^\n]*\n?[ \t]*)|([{}\[\]&~$])|([^\\%{}\[\]&~$]+)", re.DOTALL
)
_HEADINGS: Final = {
    "part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5, "subparagraph": 6,
}  # fmt: skip
_DROPPED: Final = {
    "label": 1, "includegraphics": 1, "vspace": 1, "hspace": 1, "bibliographystyle": 1, "bibliography": 1, "input": 1,
    "include": 1, "usepackage": 1, "documentclass": 1, "pagestyle": 1, "thispagestyle": 1, "setlength": 2,
    "setcounter": 2, "addtocounter": 2, "addcontentsline": 3, "hypersetup": 1, "graphicspath": 1, "pagenumbering": 1,
    "newtheorem": 2, "color": 1, "definecolor": 3, "index": 1, "cline": 1, "cmidrule": 1, "fontsize": 2, "geometry": 1,
    "phantom": 1, "rule": 2, "ref": 1, "eqref": 1, "pageref": 1, "cref": 1, "autoref": 1, "theoremstyle": 1,
}  # fmt: skip
"""Commands whose arguments, so many, aren't shown."""
_LAST_SHOWN: Final = {
    "href": 2,
    "textcolor": 2,
    "colorbox": 2,
    "multirow": 3,
    "resizebox": 3,
    "scalebox": 2,
    "parbox": 2,
}
"""Commands of so many arguments of which the last is shown."""
_LISTS: Final = frozenset({"itemize", "enumerate", "description", "compactitem", "compactenum", "inparaenum"})
_TABLES: Final = {"tabular": 1, "tabular*": 2, "tabularx": 2, "longtable": 1, "tabu": 1, "tabulary": 2, "array": 1}
"""Tables, with how many arguments follow their names."""
_VERBATIM: Final = frozenset({"verbatim", "verbatim*", "lstlisting", "minted", "Verbatim", "alltt"})
_COMMENTS: Final = frozenset({"comment", "filecontents"})
_MATH: Final = frozenset(
    {"equation", "equation*", "align", "align*", "gather", "gather*", "displaymath", "math", "eqnarray"}
)
_BEGIN: Final = re.compile(r"\\begin\{document\}")
_END: Final = re.compile(r"\\end\{document\}")
_DEFINITION: Final = re.compile(r"\\(?:re)?newcommand\*?\{?\\([a-zA-Z@]{1,60})\}?\{([^{}#]{0,300})\}")
_NAME: Final = re.compile(r"\{([a-zA-Z*]{1,40})\}")
_PARAGRAPH: Final = re.compile(r"\n[ \t]*+\n\s*+")
_LINE: Final = re.compile(r"(?<!\n)\n(?!\n)")
_DEEPEST: Final = 60


@dataclass(frozen=True, slots=True)
class _Token:
    """A command ("command", its name), a sign with a meaning ("sign") or "text"."""

    kind: str
    text: str


def parse(text: str) -> Parsed:
    """The blocks of a LaTeX text."""
    begin = _BEGIN.search(text)
    preamble, body = (text[: begin.start()], text[begin.end() :]) if begin else ("", text)
    if (end := _END.search(body)) is not None:
        body = body[: end.start()]
    macros = dict(_DEFINITION.findall(preamble))
    head = _Reader(_tokens(preamble), macros)
    fields = {name: _line(head.argument_of(name)) for name in ("title", "author", "date")}
    reader = _Reader(_tokens(body), macros)
    reader.read()
    for name in fields:
        fields[name] = fields[name] or reader.fields.get(name, "")
    blocks: list[Block] = []
    if fields["title"]:
        blocks.append(Block(fields["title"], "heading", 1))
    if lines := [f"{name.capitalize()}: {value}" for name, value in fields.items() if value]:
        blocks.append(Block("\n".join(lines)))
    return Parsed(blocks + reader.blocks, fields["title"])


def _tokens(source: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while (match := _TOKEN.match(source, at)) is not None:
        at = match.end()
        command, symbol, comment, sign, text = match.groups()
        name = _NAME.match(source, at) if command == "begin" else None
        if name is not None and name.group(1) in _VERBATIM | _COMMENTS:
            # What is in there is no LaTeX.
            end = source.find(f"\\end{{{name.group(1)}}}", name.end())
            end = len(source) if end < 0 else end
            if name.group(1) in _VERBATIM:
                tokens.append(_Token("verbatim", source[name.end() : end]))
            at = min(len(source), end + len(name.group(1)) + 6)
            continue
        if command is not None:
            starred = match.group().rstrip().endswith("*") and command in ("begin", "end")
            tokens.append(_Token("command", command + ("*" if starred else "")))
        elif symbol is not None:
            tokens.append(_Token("command", symbol))
        elif sign is not None:
            tokens.append(_Token("sign", sign))
        elif comment is None:
            tokens.append(_Token("text", text))
    return tokens


class _Reader:
    """Goes through the tokens once; ``blocks`` is what it found."""

    def __init__(self, tokens: list[_Token], macros: dict[str, str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._macros = macros
        self._parts: list[str] = []
        self._notes: list[str] = []
        self._depth = 0
        self.blocks: list[Block] = []
        self.fields: dict[str, str] = {}

    def read(self) -> None:
        """All of it."""
        while self._at < len(self._tokens):
            self._step()
        self._end()

    def argument_of(self, name: str) -> str:
        """What the first command ``name`` is given; "" if there is none."""
        for at, token in enumerate(self._tokens):
            if token == _Token("command", name):
                self._at = at + 1
                return self._argument()
        return ""

    # --- steps ---
    def _step(self) -> None:
        token = self._tokens[self._at]
        self._at += 1
        match token.kind:
            case "text":
                *paragraphs, last = _PARAGRAPH.split(token.text)
                for paragraph in paragraphs:
                    self._parts.append(_dashes(paragraph))
                    self._end()
                self._parts.append(_dashes(last))
            case "verbatim":
                self._end()
                if text := clean(token.text):
                    self.blocks.append(Block(text))
            case "sign":
                self._parts.append({"~": " ", "[": "[", "]": "]", "&": " "}.get(token.text, ""))
            case _:
                self._command(token.text)

    def _command(self, name: str) -> None:
        if name == "begin":
            self._begin(self._argument())
        elif name in ("end", "par"):
            if name == "end":
                self._argument()
            self._end()
        elif name in _HEADINGS:
            self._end()
            self._option()
            if text := clean(self._argument()).replace("\n", " "):
                self.blocks.append(Block(text, "heading", _HEADINGS[name]))
        elif name in ("title", "author", "date"):
            self.fields[name] = _line(self._argument())
        elif name == "caption":
            self._end()
            self._option()
            self._parts.append(self._argument())
            self._end()
        elif name in ("newcommand", "renewcommand", "newenvironment", "def"):
            self._skip_definition()
        else:
            self._parts.append(self._inline(name))

    def _begin(self, name: str) -> None:
        if name in _TABLES:
            self._end()
            self._option()
            for _ in range(_TABLES[name]):
                self._argument()
            self.blocks += records(self._rows(name))
        elif name in _LISTS:
            self._option()
            self._list(name)
        elif name in _MATH:
            self._end()
            self._parts.append(self._until(name))
            self._end()
        else:
            self._end()
            self._option()
            if name in ("thebibliography", "minipage", "multicols"):
                self._argument()

    def _end(self) -> None:
        text = clean(_LINE.sub(" ", "".join(self._parts)).replace("\v", "\n"))
        self._parts.clear()
        if text:
            self.blocks.append(Block(text))
        notes, self._notes = self._notes, []
        self.blocks += [Block(note) for note in notes if note]

    def _list(self, name: str) -> None:
        """All items are one block, with the line that leads to them."""
        lead = clean(" ".join("".join(self._parts).split()))
        self._parts.clear()
        if not lead and self.blocks and self.blocks[-1].kind == "text" and self.blocks[-1].text.endswith(":"):
            lead = self.blocks.pop().text
        lines = [lead] if lead else []
        lines += self._items(name, 0)
        if text := clean("\n".join(lines)):
            self.blocks.append(Block(text))

    def _items(self, name: str, depth: int) -> list[str]:
        lines: list[str] = []
        number = 0
        current: list[str] | None = None
        mark = ""

        def finish() -> None:
            if current is not None and (text := clean(" ".join("".join(current).split()))):
                lines.append(mark + text)

        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token == _Token("command", "item"):
                finish()
                number += 1
                label = self._option()
                mark = f"{clean(label)}: " if label else f"{number}. " if "enum" in name else "- "
                current = []
            elif token == _Token("command", "end"):
                self._argument()
                break
            elif token == _Token("command", "begin"):
                inner = self._argument()
                if inner in _LISTS and depth < _DEEPEST:
                    finish()
                    current = None
                    self._option()
                    lines += self._items(inner, depth + 1)
                else:
                    (current if current is not None else lines).append(self._until(inner))
            elif current is not None:
                current.append(self._inline_token(token))
        finish()
        return lines

    # --- tables ---
    def _rows(self, name: str) -> list[list[Cell]]:
        rows: list[list[Cell]] = [[]]
        parts: list[str] = []
        columns = height = 1

        def end_cell() -> None:
            nonlocal columns, height
            rows[-1].append(Cell(clean(" ".join("".join(parts).split())), columns, height))
            parts.clear()
            columns = height = 1

        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            match (token.kind, token.text):
                case ("command", "end"):
                    if self._argument() == name:
                        break
                case ("sign", "&"):
                    end_cell()
                case ("command", "\\" | "tabularnewline" | "cr"):
                    self._option()
                    end_cell()
                    rows.append([])
                case ("command", "multicolumn"):
                    columns = _count(self._argument())
                    self._argument()
                    parts.append(self._argument())
                case ("command", "multirow"):
                    self._option()
                    height = _count(self._argument())
                    self._argument()
                    parts.append(self._argument())
                case ("command", "caption"):
                    self._option()
                    self._notes.append(clean(self._argument()))
                case _:
                    parts.append(self._inline_token(token))
        if "".join(parts).strip() or rows[-1]:
            end_cell()
        # Below a cell over several rows its place is left empty, which here is told by the span.
        return _without_covered([row for row in rows if any(cell.text for cell in row)])

    # --- inline ---
    def _inline_token(self, token: _Token) -> str:
        if token.kind == "command":
            return self._inline(token.text)
        if token.kind == "sign":
            return {"~": " ", "[": "[", "]": "]", "&": " "}.get(token.text, "")
        return _dashes(token.text) if token.kind == "text" else token.text

    def _inline(self, name: str) -> str:
        """The text of a command, with its arguments."""
        if name in ("\\", "newline", "linebreak"):
            self._option()
            return "\v"
        if name in SYMBOLS:
            return SYMBOLS[name]
        if name in ACCENTS:
            return _accented(ACCENTS[name], self._argument())
        if name in _DROPPED:
            self._options()
            for _ in range(_DROPPED[name]):
                self._argument()
            return ""
        if name in _LAST_SHOWN:
            self._options()
            return [self._argument() for _ in range(_LAST_SHOWN[name])][-1]
        return self._inline_other(name)

    def _inline_other(self, name: str) -> str:
        match name:
            case "footnote" | "thanks" | "footnotetext":
                self._option()
                self._notes.append(clean(self._argument()))
                return ""
            case "frac" | "dfrac" | "tfrac":
                return f"{self._argument()}/{self._argument()}"
            case "sqrt":
                self._option()
                return f"√({self._argument()})"
            case "cite" | "citep" | "citet" | "parencite" | "textcite":
                self._options()
                return f"[{self._argument()}]"
            case "bibitem":
                self._option()
                return f"\v[{self._argument()}] "
            case "verb":
                return ""
            case "(" | ")" | "[" | "]" | "," | ";" | ":" | "!" | "/" | "-" | " " | "\n":
                return " " if name in ", ;:\n" else ""
            case _ if len(name) == 1 and not name.isalpha():
                return name
            case _ if name in self._macros:
                return _Reader(_tokens(self._macros[name]), {}).as_text()
            case _:
                self._option()
                return ""  # what it's given follows as text

    def as_text(self) -> str:
        """All of it as a line."""
        return "".join(self._inline_token(token) for token in iter(self._next, None))

    def _next(self) -> _Token | None:
        self._at += 1
        return self._tokens[self._at - 1] if self._at <= len(self._tokens) else None

    def _until(self, name: str) -> str:
        """The text up to the end of an environment."""
        parts: list[str] = []
        while (token := self._next()) is not None:
            if token == _Token("command", "end") and self._argument() == name:
                break
            parts.append(self._inline_token(token))
        return " ".join("".join(parts).split())

    def _argument(self) -> str:
        """The next group, or character, as text."""
        self._skip_spaces()
        if self._at >= len(self._tokens):
            return ""
        token = self._tokens[self._at]
        if token == _Token("sign", "{"):
            return self._group("{", "}")
        self._at += 1
        if token.kind == "text":
            text = token.text.lstrip()
            if len(text) > 1:
                self._at -= 1
                self._tokens[self._at] = _Token("text", text[1:])
            return text[:1]
        return self._inline_token(token)

    def _option(self) -> str:
        """What stands in brackets, if something does."""
        if self._at < len(self._tokens) and self._tokens[self._at] == _Token("sign", "["):
            return self._group("[", "]")
        return ""

    def _options(self) -> None:
        while self._option():
            pass

    def _group(self, opening: str, closing: str) -> str:
        self._at += 1
        parts: list[str] = []
        depth = 1
        self._depth += 1
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token.kind == "sign" and token.text in (opening, closing):
                depth += 1 if token.text == opening else -1
                if depth == 0:
                    break
            elif self._depth < _DEEPEST:
                parts.append(self._inline_token(token))
        self._depth -= 1
        return "".join(parts)

    def _skip_spaces(self) -> None:
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind != "text" or token.text.strip() or "\n\n" in token.text:
                break
            self._at += 1

    def _skip_definition(self) -> None:
        """The name, options and texts of a definition."""
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token == _Token("sign", "{"):
                self._group("{", "}")
            elif token == _Token("sign", "["):
                self._group("[", "]")
            elif token.kind == "command" or not token.text.strip():
                self._at += 1
            else:
                break


def _without_covered(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Rows without the empty cells below those that cover several rows."""
    covered: dict[int, int] = {}
    result: list[list[Cell]] = []
    for row in rows:
        kept: list[Cell] = []
        column = 0
        for cell in row:
            if covered.get(column, 0) > 0 and not cell.text:
                covered[column] -= 1
            else:
                kept.append(cell)
                if cell.rows > 1:
                    covered[column] = cell.rows - 1
            column += cell.columns
        result.append(kept)
    return result


def _line(text: str) -> str:
    return clean(text.replace("\v", " ")).replace("\n", " ").replace(" ,", ",")


def _accented(mark: str, text: str) -> str:
    letter = {"ı": "i", "ȷ": "j"}.get(text[:1], text[:1])
    return unicodedata.normalize("NFC", letter + mark) + text[1:] if letter else ""


def _dashes(text: str) -> str:
    for source, shown in _LIGATURES:
        text = text.replace(source, shown)
    return text


_LIGATURES: Final = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("`", "‘"))


def _count(text: str) -> int:
    return int(text) if text.strip().isdigit() and len(text) < 4 else 1
