"""reStructuredText, as docutils and Sphinx know it. Nothing is included from other files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final, cast

from docutils import core as _core
from docutils import nodes as _nodes
from docutils.parsers.rst import Directive, directives, roles
from docutils.parsers.rst.languages import en as _english

from vasi.knowledge.parse.blocks import Block, Parsed, clean
from vasi.knowledge.parse.grid import Cell
from vasi.knowledge.parse.table import records

# docutils has no stubs.
nodes = cast(Any, _nodes)
core = cast(Any, _core)

_ROLE: Final = re.compile(r"(?<![\w:]):([a-zA-Z][\w:.+-]{0,60}):`")
_DIRECTIVE: Final = re.compile(r"^[ \t]*\.\.[ \t]+(?:\|[^|\n]{1,80}\|[ \t]+)?([a-zA-Z][\w:.+-]{0,60})::", re.MULTILINE)
_SETTINGS: Final = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "report_level": 5,
    "halt_level": 6,
    "_disable_config": True,
    "syntax_highlight": "none",
    "line_length_limit": 1_000_000,
}
_SILENT: Final = frozenset(
    {
        "toctree", "index", "automodule", "autoclass", "autofunction", "automethod", "autosummary", "currentmodule",
        "highlight", "tabularcolumns", "sectionauthor", "codeauthor", "literalinclude", "bibliography", "plot",
    }
)  # fmt: skip
"""Directives of Sphinx that stand for what is elsewhere."""
_ERROR: Final = 3


def parse(text: str) -> Parsed:
    """The blocks of a text."""
    for name in set(_ROLE.findall(text)):
        _know_role(name.lower())
    for name in set(_DIRECTIVE.findall(text)):
        _know_directive(name.lower())
    tree = core.publish_doctree(text, settings_overrides=dict(_SETTINGS))
    reader = _Reader()
    reader.read(tree, 0)
    return Parsed(reader.blocks, clean(tree.get("title", "")).replace("\n", " "))


class _Reader:
    """Gathers blocks from the tree."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []

    def read(self, parent: Any, level: int) -> None:
        for node in parent.children:
            self._node(node, level)

    def _node(self, node: Any, level: int) -> None:
        match node:
            case nodes.title() | nodes.subtitle():
                self._heading(node, max(level, 1))
            case nodes.section():
                # The title of the whole text is taken out of the sections; those below it begin at the next level.
                self.read(node, level + 1 if level or not self.blocks else 2)
            case nodes.docinfo() | nodes.field_list() | nodes.option_list() | nodes.definition_list():
                self._text("\n".join(_fields(node)))
            case nodes.bullet_list() | nodes.enumerated_list():
                self._list(node)
            case nodes.table():
                self._table(node)
            case nodes.system_message():
                if node.get("level", 0) >= _ERROR:  # what couldn't be understood is read as it stands
                    for source in node.findall(nodes.literal_block):
                        self._text(source.astext())
            case nodes.comment() | nodes.substitution_definition() | nodes.target() | nodes.raw() | nodes.pending():
                pass
            case nodes.image():
                self._text(node.get("alt", ""))
            case nodes.footnote() | nodes.citation():
                label = node.children[0].astext() if node.children else ""
                self._text(f"[{label}] " + "\n".join(_plain(child) for child in node.children[1:]))
            case nodes.line_block():
                self._text("\n".join(_lines(node)))
            case nodes.rubric():
                self._heading(node, level + 1)
            case nodes.TextElement():
                self._text(_plain(node))
            case nodes.Element():
                self.read(node, level)
            case _:
                pass

    def _heading(self, node: Any, level: int) -> None:
        if text := clean(_plain(node)).replace("\n", " "):
            self.blocks.append(Block(text, "heading", min(max(level, 1), 10)))

    def _text(self, text: str) -> None:
        if cleaned := clean(text):
            self.blocks.append(Block(cleaned))

    def _list(self, node: Any) -> None:
        """All items are one block, with the line that leads to them."""
        text = clean("\n".join(_items(node)))
        before = self.blocks[-1] if self.blocks else None
        if text and before is not None and before.kind == "text" and before.text.endswith(":"):
            self.blocks[-1] = Block(f"{before.text}\n{text}")
        else:
            self._text(text)
        for table in node.findall(nodes.table):
            self._table(table)

    def _table(self, node: Any) -> None:
        caption = "".join(child.astext() for child in node.children if isinstance(child, nodes.title))
        rows: list[list[Cell]] = []
        for row in node.findall(nodes.row):
            in_head = isinstance(row.parent, nodes.thead)
            rows.append(
                [
                    Cell(
                        "\n".join(_plain(child) for child in entry.children),
                        entry.get("morecols", 0) + 1,
                        entry.get("morerows", 0) + 1,
                        in_head,
                    )
                    for entry in row.children
                ]
            )
        self.blocks += records(rows, caption=caption)


def _plain(node: Any) -> str:
    """The text of a node, without marks of references."""
    if isinstance(node, nodes.Text):
        return str(node.astext())
    if isinstance(node, nodes.footnote_reference | nodes.system_message | nodes.comment | nodes.target):
        return ""
    if isinstance(node, nodes.image):
        return str(node.get("alt", ""))
    if isinstance(node, nodes.literal_block | nodes.doctest_block | nodes.math | nodes.math_block):
        return str(node.astext())
    if isinstance(node, nodes.TextElement):
        return "".join(_plain(child) for child in node.children)
    return "\n".join(filter(None, (_plain(child) for child in node.children)))


def _items(node: Any) -> Iterator[str]:
    number = int(node.get("start", 1))
    for item in node.children:
        mark = f"{number}. " if isinstance(node, nodes.enumerated_list) else "- "
        number += 1
        for child in item.children:
            if isinstance(child, nodes.bullet_list | nodes.enumerated_list):
                yield from _items(child)
            elif not isinstance(child, nodes.table) and (text := clean(_plain(child))):
                yield mark + text.replace("\n", " ")
                mark = ""


def _fields(node: Any) -> Iterator[str]:
    """Names with what they stand for, one a line."""
    for item in node.children:
        if isinstance(item, nodes.field | nodes.option_list_item | nodes.definition_list_item):
            names = [child for child in item.children if not isinstance(child, _BODIES)]
            bodies = [child for child in item.children if isinstance(child, _BODIES)]
            name = ", ".join(clean(_names(child)) for child in names)
            body = clean("\n".join(_plain(child) for child in bodies))
            yield f"{name}: {body}" if body else name
        elif isinstance(item, nodes.authors):
            yield "Authors: " + ", ".join(child.astext() for child in item.children)
        else:
            yield f"{item.tagname.capitalize()}: {clean(item.astext())}"


_BODIES: Final = (nodes.field_body, nodes.description, nodes.definition)


def _names(node: Any) -> str:
    options = [option.astext() for option in node.findall(nodes.option)]
    return ", ".join(options) if options else str(node.astext())


def _lines(node: Any) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, nodes.line_block):
            yield from _lines(child)
        else:
            yield _plain(child)


# --- what docutils doesn't know ---------------------------------------------------------------------------------------
def _know_role(name: str) -> None:
    """Roles of Sphinx and others are read as their text."""
    if name not in cast(Any, roles)._roles and name not in cast(Any, _english).roles:
        roles.register_local_role(name, cast(Any, _shown))


def _shown(
    _name: str, _source: str, text: str, _line: int, _inliner: object, _options: object = None, _content: object = None
) -> tuple[list[Any], list[Any]]:
    """A reference by its text: "the guide" of "the guide <guide/index>", "run" of "~package.run"."""
    title = text.rpartition("<")[0].rstrip() if text.endswith(">") else ""
    shown = title or (text.rpartition(".")[2] if text.startswith("~") else text.lstrip("!"))
    return [nodes.inline("", shown.replace("\0", ""))], []


class _AnyOption(dict[str, Any]):
    """Takes whatever options there are."""

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, name: str) -> Any:
        return directives.unchanged


class _Unknown(Directive):
    """A directive of Sphinx or another: what it holds is read; what it's given stands before it."""

    optional_arguments: ClassVar[int] = 1  # pyright: ignore[reportIncompatibleVariableOverride]
    final_argument_whitespace: ClassVar[bool] = True  # pyright: ignore[reportIncompatibleVariableOverride]
    has_content: ClassVar[bool] = True  # pyright: ignore[reportIncompatibleVariableOverride]
    option_spec: ClassVar[Any] = _AnyOption()  # pyright: ignore[reportIncompatibleVariableOverride]

    def run(self) -> Sequence[Any]:
        this = cast(Any, self)
        if this.name.lower() in _SILENT:
            return []
        made = [nodes.paragraph("", argument) for argument in this.arguments if argument.strip()]
        holder = nodes.container()
        this.state.nested_parse(this.content, this.content_offset, holder)
        return [*made, *holder.children]


def _know_directive(name: str) -> None:
    if name not in cast(Any, directives)._directives and name not in cast(Any, _english).directives:
        directives.register_directive(name, cast(Any, _Unknown))
