"""The page: cards on the left; on the right the curve, the expression, and the texts to copy."""

import math
from typing import Any

from nicegui import events, ui

from lrsched_core._looks.explorer import composing
from lrsched_core._looks.explorer.calls import Node, Path, Planned, changed, read, shown, value_of
from lrsched_core._looks.explorer.cards import Cards
from lrsched_core._looks.explorer.colors import CSS, WATCH
from lrsched_core._looks.explorer.picture import described, height, options
from lrsched_core._looks.explorer.texts import ADAPTERS, texts
from lrsched_core._looks.pictures.curve import sensible_stop
from lrsched_core._looks.pictures.quantities import Shown, quantities
from lrsched_core._run.plan import _label

_SCHEDULE, _PLAN = "Learning-rate schedule", "Plan of a run"
_TITLES = ("Python", "JSON", *ADAPTERS)


class Page:
    """One person's page: what is composed, what it is compared with, and how it is shown."""

    def __init__(self, text: str) -> None:
        """Builds the page.

        Args:
            text: The expression to begin with.
        """
        self.node: Node | Planned = read(text)
        self.value: Shown = value_of(self.node)
        self.pinned: Shown | None = None
        self.log = False
        self.stop: float | None = None
        self.build(text)

    def build(self, text: str) -> None:
        """Lays it out."""
        ui.colors(primary="#c2410c")
        ui.add_css(CSS)
        ui.run_javascript(WATCH)
        ui.on("recolored", lambda _: self.show())
        with ui.row().classes("w-full max-w-screen-xl mx-auto no-wrap items-start gap-6 max-md:flex-wrap"):
            with ui.column().classes("w-[26rem] shrink-0 gap-3 max-md:w-full"):
                self.title = ui.label().classes("text-xl font-bold strong").props("role=heading aria-level=1")
                self.cards = ui.column().classes("w-full gap-3").props('data-part="cards"')
            with ui.column().classes("grow min-w-0 gap-3"):
                with ui.card().props("flat bordered").classes("w-full p-3"):
                    self.chart = ui.echart({}).classes("w-full").props('data-part="chart" role=img')
                    self._view()
                self._expression(text)
                self._texts()
        self.draw_cards()
        self.show()

    def _view(self) -> None:
        with ui.row().classes("w-full items-center gap-4 no-wrap max-md:flex-wrap"):
            ui.switch("log axis", on_change=self._set_log).props('dense data-part="log"')
            ui.input("to t", on_change=self._set_stop, placeholder="auto").props("dense outlined").classes(
                "w-28 max-md:grow"
            )
            self.other = ui.input("compare with", on_change=self._set_pinned, validation=_refusal).props(
                'dense outlined clearable hide-bottom-space data-part="pinned"'
            )
            self.other.classes("grow font-mono max-md:w-full max-md:order-last")
            ui.button("pin", icon="push_pin", on_click=lambda: self.other.set_value(str(self.node))).props(
                "outline no-caps"
            ).classes("pin")

    def _expression(self, text: str) -> None:
        with ui.card().props("flat bordered").classes("w-full p-3 gap-1"):
            with ui.row().classes("w-full items-start no-wrap"):
                self.text = ui.textarea("expression", value=text).props("outlined autogrow spellcheck=false rows=1")
                self.text.classes("grow font-mono").props('data-part="expression"')
                _copy_button("expression", lambda: self.text.value)
            self.error = ui.label().classes("font-mono text-sm wrong whitespace-pre-wrap").props("role=alert")
        # What is typed is read when a hand rests; what the page itself writes causes no event.
        self.text.on("update:model-value", self._edited, throttle=0.3, leading_events=False)

    def _texts(self) -> None:
        self.texts: dict[str, ui.label] = {}
        with ui.card().props("flat bordered").classes("w-full p-3 gap-2"):
            for title in _TITLES:
                with ui.row().classes("w-full items-start no-wrap gap-3"):
                    ui.label(title).classes("w-16 shrink-0 text-sm muted pt-1")
                    shown = ui.label().classes("grow min-w-0 font-mono text-sm whitespace-pre-wrap break-words pt-1")
                    self.texts[title] = shown.props(f'data-text="{title}"')
                    _copy_button(title, lambda shown=shown: shown.text)

    def draw_cards(self) -> None:
        """Draws the cards of the expression that holds now: of a schedule, or of each quantity of a plan."""
        self.cards.clear()
        self.title.text = _PLAN if isinstance(self.node, Planned) else _SCHEDULE
        with self.cards:
            cards = Cards(self.node, self.composed)
            if not isinstance(self.node, Planned):
                cards.draw()
                self._additions("add", ())
                return
            for name, path in self.node.parts().items():
                _part(name)
                cards.draw(path)
                self._additions(f"add to {name}", path)
            for _, unit, path in self.node.clocks():
                _part(f"the clock of {_label(str(path[-1]))}" if path else "the clock")
                cards.draw_clock(unit, path)

    def _additions(self, label: str, path: Path) -> None:
        with ui.dropdown_button("add", icon="add", auto_close=True).props(f'outline no-caps aria-label="{label}"'):
            for name in composing.ADDITIONS:
                ui.item(name, on_click=lambda name=name: self.add(name, path)).classes("font-mono")

    def composed(self, node: Node | Planned, anew: bool) -> None:
        """Takes what the cards say."""
        self.node = node
        self.text.value = str(node)
        if anew:
            self.draw_cards()
        self._take()

    def add(self, name: str, path: Path = ()) -> None:
        """Does one more thing to the schedule at a place in the expression."""
        part = composing.at(self.node, path)
        more = composing.added(part, name, sensible_stop(*quantities(value_of(part)).values()))
        self.composed(changed(self.node, path, more), True)

    def _edited(self, _: events.GenericEventArguments) -> None:
        try:
            node = read(self.text.value or "")
        except (TypeError, ValueError) as error:
            self.error.text = str(error)
            return
        if node != self.node:
            self.node = node
            self.draw_cards()
        self._take()

    def _take(self) -> None:
        try:
            self.value = value_of(self.node)
        except (TypeError, ValueError) as error:
            self.error.text = str(error)
            return
        self.show()

    def show(self) -> None:
        """Draws the curve and writes the texts."""
        try:
            drawn = options(self.value, self.pinned, stop=self.stop, log=self.log)
            written = texts(str(self.node), self.value)
        except (TypeError, ValueError, ArithmeticError) as error:  # such as a growth that leaves the float range
            self.error.text = str(error)
            return
        self.error.text = ""
        self.chart.options.clear()
        self.chart.options.update(drawn)
        # As its own value: within `props`, the quotes of an expression would end it.
        self.chart.props["aria-label"] = described(str(self.node), self.value, self.stop)
        self.chart.style(f"height: {height(self.value)}px")
        self.chart.update()
        for title, text in written.items():
            self.texts[title].text = text

    def _set_log(self, event: events.ValueChangeEventArguments[Any]) -> None:
        self.log = event.value
        self.show()

    def _set_stop(self, event: events.ValueChangeEventArguments[Any]) -> None:
        self.stop = _positive(event.value)
        self.show()

    def _set_pinned(self, event: events.ValueChangeEventArguments[Any]) -> None:
        if _refusal(event.value) is None:
            self.pinned = shown(event.value) if event.value else None
            self.show()


def _refusal(text: str | None) -> str | None:
    try:
        shown(text or "Constant(0)")
    except (TypeError, ValueError) as error:
        return str(error)
    return None


def _part(name: str) -> None:
    ui.label(name).classes("font-mono font-bold strong mt-2").props("role=heading aria-level=2")


def _copy_button(title: str, text: Any) -> None:
    def copy() -> None:
        ui.clipboard.write(text())
        ui.notify(f"{title} copied", timeout=1500, position="top")

    ui.button(icon="content_copy", on_click=copy).props(f'flat dense size=sm aria-label="copy {title}"')


def _positive(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if 0 < number < math.inf else None
