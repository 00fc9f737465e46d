"""Parse the sources as MyST, without executing anything or reading other files.

In a project of others (``edition_project`` is false) only the parts are parsed here: all other
pages are MyST's own, with the settings of conf.py. The following applies to editions.

``{{ name }}`` in a page inserts a field of the record as text: MyST's own substitutions are Jinja
templates and may call anything. HTML, ``{raw}``, ``{eval-rst}`` and included files are refused; a
part of a text also refuses roles and directives outside the vocabulary. Refused markup becomes a
problem with its line and never runs.
"""

from __future__ import annotations

import gc
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

import yaml
from docutils import nodes
from docutils.parsers.rst import roles as docutils_roles
from docutils.parsers.rst.languages import get_language
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.substitution import substitution_plugin
from myst_parser.mdit_to_docutils.base import token_line
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.mocking import MockInliner
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.sphinx_ import MystParser

from tei_export.model.blocks import ORNAMENT
from tei_export.model.problems import Problem
from tei_export.model.vocabulary import ROLES, Family
from tei_export.source import idle_transforms, limits
from tei_export.source.blocks import DIRECTIVES
from tei_export.source.facts import DOMAIN, domain_of
from tei_export.source.markdown import BlockTree, inline_tokens, part_parser
from tei_export.source.nodes import (
    add,
    blockline,
    edcell,
    edrow,
    edtable,
    edterm,
    mark,
    point,
    text_of,
)
from tei_export.source.roles import ROLE_FUNCTIONS, emphasised, is_sphinx_role

if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence

    from markdown_it.token import Token
    from sphinx.environment import BuildEnvironment

    from tei_export.source.problems import At

#: Directives that insert a file or code into a page, or change the meaning of a role.
_REFUSED = frozenset(
    {"raw", "include", "literalinclude", "eval-rst", "meta", "role", "default-role"}
)
#: Roles about a text and its witness, which are meaningless on a page.
_OF_TEXTS = frozenset(
    row.name for row in ROLES if row.family not in (Family.MENTION, Family.PHRASE)
)
#: Directives of the texts whose names are Sphinx's own on pages.
_OF_SPHINX = frozenset({"figure"})
#: Fields of front matter that would configure the parser.
_SETTINGS = frozenset({"myst", "mystnb", "substitutions", "html_meta"})

#: Tokens that contain no others.
_LEAVES = frozenset({"text", "softbreak", "myst_role"})

_FRONT_MATTER = re.compile(r"---[^\n]*\n(.*?)^(?:---|\.\.\.)", re.DOTALL | re.MULTILINE)


def short_name(name: str) -> str:
    """Return the name of a role or directive without the name of its domain."""
    return name.removeprefix(f"{DOMAIN}:")


def disable_unsafe_features(env: BuildEnvironment) -> None:
    """Disable raw text and inserted files in every parser (docutils, Security)."""
    env.settings["raw_enabled"] = False
    env.settings["file_insertion_enabled"] = False


class EditionRenderer(SphinxRenderer):
    """Base renderer of pages and parts. ``line`` is the source line being rendered."""

    line = 0
    _nested = 0

    def setup_render(self, options: dict[str, Any], env: MutableMapping[str, Any]) -> None:
        """Set the attributes that MyST's own sets; it would also make a document for those that have none."""
        self.md_env, self.md_options, self.md_config = env, options, options["myst_config"]
        self.document = self.current_node = options["document"]
        self.reporter = self.document.reporter
        self.language_module_rst = get_language(self.document.settings.language_code)  # type: ignore[assignment]
        self._heading_offset = 0
        self._level_to_section = {0: self.document}
        self._heading_slugs = {}

    def report(self, code: str, detail: str, line: int, at: At = None) -> None:
        env: BuildEnvironment = self.document.settings.env
        domain_of(env).report(env.docname)(code, detail, line, at)

    def nested_render_text(
        self, text: str, lineno: int, inline: bool = False, *rest: Any, **more: Any
    ) -> None:
        self._nested += inline
        super().nested_render_text(text, lineno, inline, *rest, **more)
        self._nested -= inline

    def render_inline(self, token: SyntaxTreeNode) -> None:
        if not self._nested:
            self.line = token_line(token, 0)
        self.inside(token)

    def inside(self, token: SyntaxTreeNode) -> None:
        """Render what a paragraph or title contains."""
        super().render_inline(token)

    def render_softbreak(self, token: SyntaxTreeNode) -> None:
        super().render_softbreak(token)
        self.line += 1

    def render_hardbreak(self, token: SyntaxTreeNode) -> None:
        super().render_hardbreak(token)
        self.line += 1

    def refuse_role(self, name: str) -> str:
        """Return the problem code for the role ``name``; empty if it is allowed."""
        raise NotImplementedError

    def refuse_directive(self, name: str) -> str:
        """Return the problem code for the directive ``name``; empty if it is allowed."""
        raise NotImplementedError

    def refuse_html(self, html: str, line: int) -> None:
        """Report HTML."""
        raise NotImplementedError

    def run_role(self, token: SyntaxTreeNode) -> None:
        """Append the nodes of a role."""
        super().render_myst_role(token)

    def render_myst_role(self, token: SyntaxTreeNode) -> None:
        name = token.meta["name"]
        if code := self.refuse_role(name):
            self.report(code, f"{{{name}}}", self.line, f"{{{name}}}")
            self.current_node += nodes.Text(token.content)
            return
        self.run_role(token)
        node = self.current_node.children[-1] if self.current_node.children else None
        if isinstance(node, (mark, point)) and "problem" in node.attributes:
            code, detail = node["problem"]
            node["reported"] = True
            self.report(code, detail, self.line, node)

    def render_directive(
        self, token: SyntaxTreeNode, name: str, *arguments: Any, **options: Any
    ) -> None:
        if code := self.refuse_directive(name):
            self.report(code, f"{{{name}}}", token_line(token, 0), f"{{{name}}}")
        else:
            super().render_directive(token, self.directive_name(name), *arguments, **options)

    def directive_name(self, name: str) -> str:
        """Return the name under which Sphinx finds the directive."""
        return name

    def render_restructuredtext(self, token: SyntaxTreeNode) -> None:
        self.report(
            self.refuse_directive("eval-rst"), "{eval-rst}", token_line(token, 0), "{eval-rst}"
        )

    def render_html_inline(self, token: SyntaxTreeNode) -> None:
        self.refuse_html(token.content, self.line)
        self.line += token.content.count("\n")

    def render_html_block(self, token: SyntaxTreeNode) -> None:
        self.refuse_html(token.content, token_line(token, 0))


class _RoleInliner(MockInliner):
    """The parser that the roles of a part get."""

    _renderer: PartRenderer

    def parse(
        self, text: str, lineno: int, memo: Any, parent: nodes.Node, **_options: Any
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return self._renderer.nested(text, lineno), []


class PartRenderer(EditionRenderer):
    """Renders a part of a text; allows only the vocabulary. ``sources``: the lines of the file."""

    sources: Sequence[str] = ()

    @cached_property
    def _inliner(self) -> _RoleInliner:
        """The parser that a role gets; a new one for every role would look through all rules of Markdown."""
        return _RoleInliner(self)

    def _render_tokens(self, tokens: list[Token]) -> None:
        """Render tokens with their blocks as a tree; MyST makes one of all tokens."""
        for token in tokens:
            if token.map:
                token.map = [line + 1 for line in token.map]
                for child in token.children or ():
                    child.map = token.map
        tree = BlockTree(tokens)
        self.render_children(tree)
        if (
            gc.isenabled()
        ):  # so the edition is large: spare the collector the tokens, which refer to each other
            for block in [*tree.walk()]:
                block.children = []

    def nested(self, text: str, line: int) -> list[nodes.Node]:
        """Return the nodes of the text of a role. MyST would render its few words as it renders a document."""
        holder = nodes.Element()
        self.current_node, before = holder, self.current_node
        self._nested += 1
        tokens = inline_tokens(self.md, text, self.md_env)
        for token in tokens:
            token.map = [line + 1, line + 2]
        self._tokens(tokens)
        self._nested -= 1
        self.current_node = before
        return holder.children

    def inside(self, token: SyntaxTreeNode) -> None:
        if token.token:
            self._tokens(token.token.children or [])

    def _tokens(self, tokens: Sequence[Token]) -> None:
        """Render words and roles directly, and all else as MyST does, as trees."""
        span: list[Token] = []
        depth = 0
        for token in tokens:
            if depth or token.type not in _LEAVES:
                span.append(token)
                depth += token.nesting
                if not depth:
                    self.render_children(SyntaxTreeNode(span))
                    span = []
            else:
                self.rules[f"render_{token.type}"](token)

    def render_text(self, token: SyntaxTreeNode) -> None:
        add(self.current_node, text_of(token.content))

    def render_softbreak(self, token: SyntaxTreeNode) -> None:
        add(self.current_node, text_of("\n"))
        self.line += 1

    def refuse_role(self, name: str) -> str:
        return "" if short_name(name) in ROLE_FUNCTIONS else "role-unknown"

    def render_table(self, token: SyntaxTreeNode) -> None:
        """Make a table of rows, each of which is one line of the source."""
        table = edtable()
        self.add_line_and_source_path(table, token)
        for part in token.children:
            for line in part.children:
                row = edrow("", head=part.type == "thead")
                row.line = self.line = token_line(line, 0)
                for column in line.children:
                    self._cell(row, column)
                if row.astext().strip():  # the head may be empty: Markdown wants one
                    table += row
        self.current_node += table

    def _cell(self, row: edrow, column: SyntaxTreeNode) -> None:
        """Add a cell to a row, with a space before it if the row has begun."""
        style = str((column.attrs or {}).get("style", ""))
        cell = edcell("", head=row["head"], align=style.removeprefix("text-align:"))
        self._nested += 1  # the line is the row's
        with self.current_node_context(cell):
            self.render_children(column)
        self._nested -= 1
        if row.astext().strip():
            row += nodes.Text(" ")
        row += cell

    def render_bullet_list(self, token: SyntaxTreeNode) -> None:
        self._list(token, "bulleted")

    def render_ordered_list(self, token: SyntaxTreeNode) -> None:
        self._list(token, "numbered")

    def _list(self, token: SyntaxTreeNode, kind: str) -> None:
        """Make a list whose items keep the signs of the source."""
        node = nodes.bullet_list("", kind=kind)
        self.add_line_and_source_path(node, token)
        with self.current_node_context(node, append=True):
            self.render_children(token)

    def render_list_item(self, token: SyntaxTreeNode) -> None:
        item = nodes.list_item("", sign=f"{token.info}{token.markup} ")
        self.add_line_and_source_path(item, token)
        with self.current_node_context(item, append=True):
            self.render_children(token)

    def render_dl(self, token: SyntaxTreeNode) -> None:
        """Make a list of terms with their definitions; each item begins with its term."""
        node = nodes.bullet_list("", kind="gloss")
        self.add_line_and_source_path(node, token)
        for child in token.children:
            if child.type == "dt":
                node += (item := nodes.list_item("", sign=""))
                self.add_line_and_source_path(item, child)
                item += (term := edterm())
                self.add_line_and_source_path(term, child)
                with self.current_node_context(term):
                    self.render_children(child)
            else:
                with self.current_node_context(item):
                    self.render_children(child)
        self.current_node += node

    def render_hr(self, token: SyntaxTreeNode) -> None:
        """Make a block of a line of stars or strokes that divides the text: it is a line of the original."""
        line = token_line(token, 0)
        written = self.sources[line - 1] if 0 < line <= len(self.sources) else token.markup
        node = blockline("", nodes.Text(written.strip(" >\t")), kind=ORNAMENT, indent=0)
        self.add_line_and_source_path(node, token)
        self.current_node += node

    def render_em(self, token: SyntaxTreeNode) -> None:
        self._emphasis(token, "*")

    def render_strong(self, token: SyntaxTreeNode) -> None:
        self._emphasis(token, "**")

    def _emphasis(self, token: SyntaxTreeNode, sign: str) -> None:
        """Mark Markdown's own emphasis as its row."""
        node = emphasised(next(row for row in ROLES if row.markdown == sign))
        self.add_line_and_source_path(node, token)
        with self.current_node_context(node, append=True):
            self.render_children(token)

    def refuse_directive(self, name: str) -> str:
        return "" if short_name(name) in DIRECTIVES else "markup-foreign"

    def run_role(self, token: SyntaxTreeNode) -> None:
        """Run a role of the vocabulary under its short name, which is not registered with Sphinx."""
        name = token.meta["name"]
        line = token_line(token) if token.map else 0
        made, messages = ROLE_FUNCTIONS[short_name(name)](
            short_name(name), f":{name}:`{token.content}`", token.content, line, self._inliner
        )
        for node in (*made, *messages):
            add(self.current_node, node)

    def directive_name(self, name: str) -> str:
        return f"{DOMAIN}:{short_name(name)}"

    def refuse_html(self, html: str, line: int) -> None:
        self.report("markup-foreign", html.strip()[:60], line, html.strip()[:60])


class PageRenderer(EditionRenderer):
    """Renders a page of the editors."""

    def refuse_role(self, name: str) -> str:
        if short_name(name) in _OF_TEXTS and not is_sphinx_role(short_name(name)):
            return "markup-foreign"
        role, _ = docutils_roles.role(name, self.language_module_rst, 0, self.reporter)
        return "editors-raw" if name == "raw" else "" if role else "role-unknown"

    def refuse_directive(self, name: str) -> str:
        return (
            "editors-raw"
            if name in _REFUSED
            else "markup-foreign"
            if short_name(name) in DIRECTIVES and name not in _OF_SPHINX
            else ""
        )

    def refuse_html(self, html: str, line: int) -> None:
        self.report("editors-raw", html.strip()[:60], line, html.strip()[:60])

    def render_substitution_inline(self, token: SyntaxTreeNode) -> None:
        """Insert a field of the record for ``{{ name }}``; never evaluate anything."""
        self.current_node += nodes.Text(self._field(token, self.line))

    def render_substitution_block(self, token: SyntaxTreeNode) -> None:
        line = token_line(token, 0)
        paragraph = nodes.paragraph("", self._field(token, line))
        paragraph.line = line
        self.current_node += paragraph

    def _field(self, token: SyntaxTreeNode, line: int) -> str:
        name = token.content.strip()
        value = domain_of(self.document.settings.env).edition.record.get(name)
        if isinstance(value, str):
            return value
        self.report("editors-field", f"{{{{ {name[:60]} }}}}", line, name)
        return ""


class EditionParser(MystParser):
    """The MyST parser of an edition; replaces MyST's own."""

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse a source into ``document``; report problems to the facts of the document."""
        env: BuildEnvironment = document.settings.env
        domain = domain_of(env)
        part = domain.edition.part_of(env.docname)
        if not part and not env.config.edition_project:
            super().parse(inputstring, document)
            return
        report = domain.report(env.docname)
        exceeded = list(
            limits.exceeded(
                inputstring,
                _file(env),
                limits.LINE if part and not part[0].several else limits.PAGE_LINE,
            )
        )
        if not part:
            exceeded += _front_matter(inputstring, _file(env))
        report.found += exceeded
        if part:
            parser = part_parser(inputstring, PartRenderer)
            parser.renderer.sources = inputstring.split("\n")  # type: ignore[attr-defined]
            document["support_smartquotes"] = False  # a text keeps its own quotation marks
        else:
            parser = create_md_parser(env.myst_config, PageRenderer)  # type: ignore[attr-defined]
            parser.use(substitution_plugin)
        parser.options["document"] = document
        try:
            parser.render("" if exceeded else inputstring)
        except RecursionError:
            report("markup-deep", "", 0)
            document.children = []
        if exceeds_depth(document, limits.TREE):
            report("markup-deep", "", 0)
            document.children = []
        if part:
            idle_transforms.leave_out(document)


def exceeds_depth(root: nodes.Element, levels: int) -> bool:
    """Return whether a tree has more than ``levels`` levels, without recursion."""
    level: list[nodes.Node] = [root]
    for _ in range(levels):
        level = [child for node in level for child in node.children]
        if not level:
            return False
    return True


def _file(env: BuildEnvironment) -> str:
    return f"{env.docname}.md"


def _front_matter(text: str, file: str) -> list[Problem]:
    """Report front matter that cannot be read, or that would configure the parser."""
    block = _FRONT_MATTER.match(text)
    if block is None:
        return []
    try:
        if any(
            isinstance(event, yaml.AliasEvent)
            for event in yaml.parse(block[1], Loader=yaml.SafeLoader)
        ):
            return [Problem("yaml", file, 1, "an alias (*) in the front matter")]
        fields = yaml.safe_load(block[1]) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)  # its lines count from 0, after the line ---
        line, column = (where.line + 2, where.column + 1) if where else (1, 0)
        return [
            Problem(
                "yaml",
                file,
                line,
                f"front matter: {getattr(error, 'problem', None) or error}",
                column,
            )
        ]
    if not isinstance(fields, dict):
        return [Problem("yaml", file, 1, "the front matter must consist of keys and values")]
    settings = sorted(str(name) for name in fields if name in _SETTINGS)
    return [Problem("editors-raw", file, 1, f"{name} in the front matter") for name in settings]
