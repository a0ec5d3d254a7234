"""The cards: for each call in an expression its name, and a control for each argument."""

from collections.abc import Callable
from functools import partial
from inspect import Parameter
from typing import Any

from nicegui import events, ui

from lrsched_core._looks.explorer import composing, controls
from lrsched_core._looks.explorer.calls import Call, Node, Operation, Path, Planned, changed, parameters
from lrsched_core._looks.pictures.labels import written

_CLOCK = "Clock"
_OPERATIONS = {"*": ("scale", "factor"), "/": ("divide", "divisor"), "+": ("add", "lr"), "-": ("subtract", "lr")}


class Cards:
    """Draws the cards of an expression and reports each new expression, with whether the cards must be drawn anew."""

    def __init__(self, node: Node | Planned, report: Callable[[Any, bool], None]) -> None:
        """Draws nothing yet.

        Args:
            node: The expression, of a schedule or a plan.
            report: What is told of a change.
        """
        self.node = node
        self._report = report

    def draw(self, path: Path = ()) -> None:
        """Draws those of the schedule at a place in the expression, where the page is being built."""
        self._stack(composing.at(self.node, path), path)

    def draw_clock(self, unit: str, path: Path) -> None:
        """Draws that of the clock of the plan at a place in the expression, and of the unit that is counted."""
        self.draw((*path, "clock"))
        with self._row("unit"):
            self._select("unit", unit, (*path, "unit"))

    def _change(self, path: Path, value: Any, *, anew: bool = False) -> None:
        node = changed(self.node, path, value)
        if node != self.node:
            self.node = node
            self._report(node, anew)

    def _stack(self, node: Node, path: Path) -> None:
        for step in composing.steps(node, path):
            with ui.card().props("flat bordered").classes("w-full gap-1 p-3"):
                self._heading(step.node, step.path)
                if isinstance(step.node, Call):
                    for parameter in parameters(step.node):
                        self._argument(step.node, parameter, (*step.path, parameter.name))
                else:
                    self._operands(step.node, step.path)

    def _heading(self, node: Node, path: Path) -> None:
        with ui.row().classes("w-full items-center no-wrap"):
            if not composing.is_base(node):
                name = node.name if isinstance(node, Call) else _OPERATIONS[node.symbol][0]
                ui.label(name).classes("font-mono font-bold grow").props("role=heading aria-level=2")
                remove = partial(self._change, path, composing.removed(node), anew=True)
                ui.button(icon="close", on_click=remove).props(f'flat round dense size=sm aria-label="remove {name}"')
            elif isinstance(node, Call) and node.name == _CLOCK:
                ui.label(_CLOCK).classes("font-mono font-bold").props("role=heading aria-level=2")
            elif isinstance(node, Call):
                names = composing.bases()
                names = names if node.name in names else [node.name, *names]
                choose = partial(self._choose, node, path)
                base = ui.select(names, value=node.name, on_change=choose, with_input=True)
                base.props('dense outlined aria-label="schedule"').classes("w-full font-mono font-bold base")
            else:
                ui.label(f"two schedules, {node.symbol}").classes("font-mono font-bold")

    def _choose(self, node: Call, path: Path, event: events.ValueChangeEventArguments[Any]) -> None:
        if event.value:
            self._change(path, composing.begun(event.value, node), anew=True)

    def _operands(self, node: Operation, path: Path) -> None:
        for side in ("left", "right"):
            operand = getattr(node, side)
            if not isinstance(operand, Node):
                parameter = Parameter(_OPERATIONS[node.symbol][1], Parameter.KEYWORD_ONLY, annotation=float)
                self._number(parameter, operand, (*path, side))
            elif composing.is_base(node):
                self._nested(operand, (*path, side))

    def _nested(self, node: Node, path: Path) -> None:
        with ui.column().classes("w-full gap-2 pl-3 border-l-2 ruled"):
            self._stack(node, path)

    def _argument(self, call: Call, parameter: Parameter, path: Path) -> None:
        value = call.arguments.get(parameter.name, parameter.default)
        match controls.kind(parameter):
            case "schedules":
                for i, part in enumerate(value):
                    if isinstance(part, Node):
                        self._nested(part, (*path, i))
                    else:
                        self._number(Parameter("lr", Parameter.KEYWORD_ONLY), part, (*path, i))
            case "schedule" | "clock":
                self._nested(value, path)
            case "choice":
                with self._row(parameter.name):
                    self._select(parameter.name, value, path)
            case "flag":
                with self._row(parameter.name):
                    ui.switch(value=value, on_change=lambda event: self._change(path, event.value)).props(
                        f'dense aria-label="{parameter.name}"'
                    )
            case "list":
                text = ", ".join(map(repr, value or ()))
                with self._row(parameter.name):
                    self._typed(parameter.name, text, path, controls.numbers, parameter.default).classes("grow")
            case _ if isinstance(value, Node):  # sizes of batches that grow
                ui.label(parameter.name).classes("font-mono text-xs muted")
                self._nested(value, path)
            case _:
                self._number(parameter, value, path)

    def _row(self, name: str) -> ui.row:
        row = (
            ui.row()
            .classes("w-full items-center no-wrap gap-3")
            .props(f'data-argument="{name}" role=group aria-label="{name}"')
        )
        with row:
            # A long name breaks where its words do.
            ui.label(name.replace("_", "_\u200b")).classes("font-mono text-xs w-28 shrink-0 break-words muted")
        return row

    def _select(self, name: str, value: str, path: Path) -> None:
        words = list(controls.choices(name))
        ui.select(words, value=value, on_change=lambda event: self._change(path, event.value)).props(
            f'dense outlined aria-label="{name}"'
        ).classes("grow")

    def _number(self, parameter: Parameter, value: float | None, path: Path) -> None:
        scale = controls.scale(parameter, value or 0)
        with self._row(parameter.name):
            slider = ui.slider(min=scale.low, max=scale.high, step=scale.step, value=scale.position(value or 0))
            slider.classes("grow").props(f'aria-label="{parameter.name}"')
            _say(slider, value)
            text = "" if value is None else written(value)
            typed = self._typed(parameter.name, text, path, controls.number, parameter.default, slider, scale)

        def slid(event: events.GenericEventArguments) -> None:
            new = scale.value(event.args)
            typed.value = written(new)
            _say(slider, new)
            self._change(path, new)

        slider.on("update:model-value", slid, throttle=0.05)

    def _typed(
        self,
        name: str,
        text: str,
        path: Path,
        read: Callable[[str], Any],
        default: Any,
        slider: ui.slider | None = None,
        scale: controls.Scale | None = None,
    ) -> ui.input:
        field = ui.input(value=text).props(f'dense outlined hide-bottom-space aria-label="{name}"')
        field.classes("font-mono" if slider is None else "font-mono w-24 shrink-0")

        def done() -> None:
            field.error = None
            try:
                value = read(field.value) if field.value.strip() or default is Parameter.empty else default
            except ValueError:
                field.error = "no number"
                return
            if slider is not None and scale is not None:
                slider.value = scale.position(value or 0)
                _say(slider, value)
            self._change(path, value)

        field.on("blur", done).on("keydown.enter", done)
        return field


def _say(slider: ui.slider, value: float | None) -> None:
    """Names the value that a slider stands for: to itself it has a position."""
    slider.props(f'aria-valuetext="{"none" if value is None else repr(value)}"')
