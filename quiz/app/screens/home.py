"""The first screen: the notes' contents with progress, what today holds, and one key to start."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from rich.text import Text as RichText
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from answers.model import Language, Text
from quiz import contents, session
from quiz.app import words
from quiz.app.base import Bilingual, Key, Page, Phrase
from quiz.app.widgets.prose import Prose
from quiz.contents import Heading
from quiz.session import Card, Plan

BAR = 5
"""Cells of a progress bar."""


def bar(share: float, cells: int = BAR) -> str:
    """A share in 0 .. 1 as a bar; what is above 0 shows at least one cell."""
    full = min(cells, max(round(share * cells), 1 if share > 0 else 0))
    return "━" * full + "┄" * (cells - full)


class ContentsTree(Bilingual, Tree[Card | Heading]):
    """Parts, questions below them, tasks below these. Enter opens what the cursor is on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "open_node", show=False),
        Binding("left", "close_node", show=False),
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
    ]

    def __init__(self) -> None:
        super().__init__("", id="contents")
        self.show_root = False
        self.auto_expand = False
        self.guide_depth = 2
        self.show_guides = False
        self.headings = contents.headings()

    def on_mount(self) -> None:
        by_id = {heading.id: heading for heading in self.headings}
        first: TreeNode[Card | Heading] | None = None
        for _, ids in words.PARTS:
            part = self.root.add("", expand=True, allow_expand=True)
            for question_id in ids:
                heading = by_id[question_id]
                node = part.add("", heading, allow_expand=bool(heading.tasks))
                first = first or node
                for task in heading.tasks:
                    node.add_leaf("", Card("code", question_id, task))
        self.relabel()
        if first is not None:
            self.call_after_refresh(self.move_cursor, first)

    def relabel(self) -> None:
        """Write every label anew: in the app's language, with the progress as it stands."""
        page = self.screen
        assert isinstance(page, HomeScreen)
        for part, (title, _) in zip(self.root.children, words.PARTS, strict=True):
            part.set_label(RichText(title.of(self.lang), "bold"))
            for node in part.children:
                assert isinstance(node.data, Heading)
                node.set_label(_question_label(node.data, page, self.lang))
                for leaf in node.children:
                    assert isinstance(leaf.data, Card)
                    leaf.set_label(_task_label(leaf.data.part, page))

    def render_label(self, node: TreeNode[Card | Heading], base_style: Style, style: Style) -> RichText:
        label = super().render_label(node, base_style, style)
        return label if isinstance(label, RichText) else RichText(str(label))

    def action_open_node(self) -> None:
        if (node := self.cursor_node) is not None and node.allow_expand:
            node.expand()

    def action_close_node(self) -> None:
        node = self.cursor_node
        if node is not None and node.is_expanded and node.children:
            node.collapse()
        elif node is not None and node.parent is not None and not node.parent.is_root:
            self.move_cursor(node.parent)


def _question_label(heading: Heading, page: HomeScreen, language: Language) -> RichText:
    mark = session.MARKS[page.states.get(heading.id, "untried")]
    title = heading.title.of(language)
    return RichText.assemble(
        f"{mark} ", (f"{bar(session.mastery(heading.id, page.standings))} ", "dim"), f"{heading.section} ", title
    )


def _task_label(task: str, page: HomeScreen) -> RichText:
    return RichText.assemble(f"{session.MARKS[page.task_states.get(task, 'untried')]} ", task)


class HomeScreen(Page):
    """Contents on the left, the question under the cursor on the right."""

    HELP_TEXT = words.HOME_HELP
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "practise", show=False),
        Binding("d", "drill", show=False),
        Binding("c", "code", show=False),
        Binding("e", "evidence", show=False),
        Binding("u", "undo", show=False),
        Binding("slash", "search", show=False),
        Binding("question_mark", "app.help", show=False),
        Binding("l", "app.switch_language", show=False),
        Binding("q", "app.quit", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.read_progress()

    def read_progress(self) -> None:
        """Standings and what follows from them, from the store."""
        store = self.quiz.store
        now = store.clock()
        self.standings = store.standings()
        self.states = session.question_states(self.standings, now)
        self.task_states = session.task_states(store.best_verdicts())
        self.plan: Plan = session.plan(self.standings, now)

    def compose_page(self) -> ComposeResult:
        yield Phrase(self._today, id="today")
        with Horizontal(id="body"):
            yield ContentsTree()
            with VerticalScroll(id="detail", can_focus=False):
                yield Phrase(id="detail-title")
                yield Phrase(id="detail-progress")
                yield Prose(id="detail-ask")
                yield Phrase(id="detail-tasks")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(ContentsTree).focus()

    def on_screen_resume(self) -> None:
        self.read_progress()
        self.relabel()

    # ------------------------------------------------------------ words

    def title_words(self, language: Language) -> Content:
        return Content.styled(words.HOME.of(language), "bold")

    def keys(self) -> tuple[Key, ...]:
        return (
            Key("p", words.PRACTISE, "screen.practise"),
            Key("enter", words.OPEN, "screen.open"),
            Key("d", words.DRILL, "screen.drill"),
            Key("c", words.WRITE_CODE, "screen.code"),
            Key("e", words.PROVE, "screen.evidence"),
            Key("/", words.SEARCH, "screen.search"),
            Key("q", words.QUIT, "app.quit"),
        )

    def _today(self, language: Language) -> Content:
        if not self.plan.cards:
            return Content.styled(words.ALL_DONE.of(language), "$text-success")
        due, new, minutes = len(self.plan.due), len(self.plan.new), self.plan.minutes
        return Content.from_markup(
            Text(
                zh=f"今天  [b]{due}[/b] 张待复习 · [b]{new}[/b] 张新题 · 约 [b]{minutes}[/b] 分钟",
                en=f"Today  [b]{due}[/b] due · [b]{new}[/b] new · about [b]{minutes}[/b] min",
            ).of(language)
            + f"    [@click=screen.practise][reverse] p [/reverse] {words.PRACTISE.of(language)}[/]"
        )

    @on(Tree.NodeHighlighted)
    def show_detail(self, event: Tree.NodeHighlighted[Card | Heading]) -> None:
        """Describe the question under the cursor."""
        heading = self._heading_of(event.node)
        self.query_one("#detail").display = heading is not None
        if heading is None:
            return
        title = heading.title
        self.query_one("#detail-title", Phrase).say(lambda lang: Content(f"{heading.section}  {title.of(lang)}"))
        self.query_one("#detail-progress", Phrase).say(lambda lang: self._progress(heading, lang))
        self.query_one("#detail-ask", Prose).show(self._ask(heading))
        self.query_one("#detail-tasks", Phrase).say(lambda lang: self._tasks(heading, lang))

    def _ask(self, heading: Heading) -> Text:
        if heading.fault is not None:
            return Text(
                zh=words.CANNOT_LOAD.zh.format(fault=heading.fault), en=words.CANNOT_LOAD.en.format(fault=heading.fault)
            )
        from answers import deck

        return deck.load_question(heading.id).ask

    def _progress(self, heading: Heading, language: Language) -> Content:
        standing = self.standings.get(f"recall:{heading.id}")
        recall = words.standing(standing, self.quiz.store.clock())
        met = sum(key.startswith(f"drill:{heading.id}/") for key in self.standings)
        rows = [
            (words.RECALL, bar(standing.mastery if standing else 0.0), recall),
            (words.DRILLS, bar(met / heading.drills if heading.drills else 0.0), words.met(met, heading.drills)),
        ]
        lines = [
            Content.assemble((name.of(language) + "  ", "bold"), (drawn + "  ", "$text-accent"), said.of(language))
            for name, drawn, said in rows
        ]
        return Content("\n").join(lines)

    def _tasks(self, heading: Heading, language: Language) -> Content:
        lines = [Content.styled(words.CODE.of(language), "bold")] if heading.tasks else []
        for task in heading.tasks:
            state = self.task_states.get(task, "untried")
            lines.append(
                Content(f"  {session.MARKS[state]} {task}  ") + Content.styled(words.STATES[state].of(language), "dim")
            )
        return Content("\n").join(lines)

    # ------------------------------------------------------------ what keys do

    @staticmethod
    def _heading_of(node: TreeNode[Card | Heading] | None) -> Heading | None:
        if node is None or node.data is None:
            return None
        if isinstance(node.data, Heading):
            return node.data
        parent = node.parent
        return parent.data if parent is not None and isinstance(parent.data, Heading) else None

    def _current(self) -> Heading | None:
        """The heading under the cursor, if its question can be read."""
        heading = self._heading_of(self.query_one(ContentsTree).cursor_node)
        if heading is not None and heading.fault is not None:
            self.quiz.say(self._ask(heading), warning=True)
            return None
        return heading

    @on(Tree.NodeSelected)
    def open_node(self, event: Tree.NodeSelected[Card | Heading]) -> None:
        """A question opens, a task opens its editor, a part folds."""
        event.stop()
        if isinstance(event.node.data, Card):
            self.quiz.open_card(event.node.data)
        elif event.node.data is None:
            event.node.toggle()
        elif (heading := self._current()) is not None:
            self.quiz.open_card(Card("recall", heading.id))

    def action_open(self) -> None:
        self.query_one(ContentsTree).action_select_cursor()

    def action_practise(self) -> None:
        if self.plan.cards:
            self.quiz.open_card(self.plan.cards[0], self.plan.cards[1:])
        else:
            self.quiz.say(words.ALL_DONE)

    def action_drill(self) -> None:
        if (heading := self._current()) is not None:
            if heading.drills:
                self.quiz.open_card(Card("drill", heading.id))
            else:
                self.quiz.say(words.NO_DRILLS)

    def action_code(self) -> None:
        node = self.query_one(ContentsTree).cursor_node
        if node is not None and isinstance(node.data, Card):
            self.quiz.open_card(node.data)
        elif (heading := self._current()) is not None:
            if heading.tasks:
                undone = [t for t in heading.tasks if self.task_states.get(t) != "passed"]
                self.quiz.open_card(Card("code", heading.id, (undone or list(heading.tasks))[0]))
            else:
                self.quiz.say(words.NO_TASKS)

    def action_evidence(self) -> None:
        if (heading := self._current()) is not None:
            from quiz.app.screens.evidence import EvidenceScreen

            self.app.push_screen(EvidenceScreen(heading.id))

    def action_undo(self) -> None:
        undone = self.quiz.store.undo_last()
        self.quiz.say(words.UNDONE if undone else words.NOTHING_TO_UNDO)
        self.on_screen_resume()

    def action_search(self) -> None:
        self.app.action_command_palette()
