"""The command line beside what surrounds it: encodings, closed and full outputs, terminals, files, limits."""

import codecs
import os
import pty
import re
import subprocess
import sys

import pytest

for needed in ("numpy", "typer", "rich", "plotext", "matplotlib"):
    pytest.importorskip(needed)

import commanding
from lrsched_core import Cosine, parse
from lrsched_core._looks.command import app, ends
from lrsched_core._looks.command.formulas import formula

WARM = "Cosine(0.3, 0.01, steps=15).with_warmup(5)"
WSD = "wsd(3e-4, warmup=100, stable=700, decay=200)"
# Every command that prints, and how it ends.
PRINTING = [
    (("show", WARM), 0),
    (("show", WSD, "--log"), 0),
    (("values", WARM, "--to", "9"), 0),
    (("diff", WARM, "Linear(0.3, steps=9)"), 1),
    (("diff", WARM, WARM), 0),
    (("list",), 0),
    (("list", "wsd"), 0),
    (("convert", "StepLR(0.1, step_size=3)"), 0),
    (("--help",), 0),
    (("diff", "--help"), 0),
    (("--version",), 0),
    (("show", "Cosin(0.3, steps=9)"), 2),
]


def run(*arguments, shell="", flags=(), **environment):
    """A process: its exit status, and its outputs as bytes."""
    command = [sys.executable, *flags, "-m", "lrsched_core", *arguments]
    if shell:
        command = ["bash", "-c", f'"$@" {shell}', "bash", *command]
    inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "TERM")}
    return subprocess.run(command, capture_output=True, check=False, timeout=120, env={**inherited, **environment})


@pytest.fixture
def run_here(monkeypatch, capsys):
    """The same without a process of its own, for what ends in the command itself: status and texts."""

    def run_here(*arguments, **environment):
        for name in ("COLUMNS", "NO_COLOR", "TERM"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["lrsched-core", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            app.run()
        return ended.value.code, *capsys.readouterr()

    return run_here


def quiet(done):
    assert b"Traceback" not in done.stderr, done.stderr
    assert b"Exception ignored" not in done.stderr, done.stderr
    return done


@pytest.mark.parametrize(
    ("arguments", "status", "encoding"),
    [(*each, "ascii") for each in PRINTING]
    + [(*PRINTING[0], encoding) for encoding in ("cp1252", "latin-1", "utf-16")],
)
def test_any_encoding_will_do(arguments, status, encoding):
    done = commanding.run(*arguments, encoding=encoding, COLUMNS="80")
    assert done.returncode == status
    assert "Traceback" not in done.stderr
    assert "\\u2" not in done.stdout.replace("\\u221a", ""), "frames and curves have letters of their own"


def test_a_process_whose_output_is_ascii_has_it():
    done = quiet(run(*PRINTING[0][0], PYTHONIOENCODING="ascii:strict", COLUMNS="80"))
    assert done.returncode == 0
    assert b"\\u2" not in done.stdout


# The ways in which output is printed: a chart and tables, a file's text, plain text, help.
@pytest.mark.parametrize(
    ("arguments", "shell"),
    [
        (("show", WARM), ">&-"),
        (("show", WARM), "> /dev/full"),
        (("values", WARM, "--to", "9"), "> /dev/full"),
        (("diff", WARM, WARM), ">&-"),
        (("diff", WARM, WARM), "> /dev/full"),
        (("--help",), "> /dev/full"),
    ],
)
def test_an_output_that_cannot_be_written_is_an_error(arguments, shell):
    done = quiet(run(*arguments, shell=shell))
    assert done.returncode == 2
    assert re.search(rb"standard output is closed|No space left on device", done.stderr)


def test_a_reader_that_has_gone_is_no_difference():
    assert run("diff", WARM, "Linear(0.3, steps=9)", shell="| true; exit ${PIPESTATUS[0]}").returncode in (1, 141)
    done = quiet(run("values", WARM, "--to", "1000000", shell="| head -1 > /dev/null; exit ${PIPESTATUS[0]}"))
    assert done.returncode == 141
    assert done.stderr == b""


def in_terminal(*arguments, **environment):
    """What a terminal of 24 times 80 is sent."""
    master, slave = pty.openpty()
    inherited = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM", "COLUMNS")}
    settings = {"TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **environment}
    with subprocess.Popen(
        [sys.executable, "-m", "lrsched_core", *arguments], stdout=slave, stderr=slave, stdin=slave,
        env={**inherited, **settings},
    ) as process:  # fmt: skip
        os.close(slave)
        sent = b""
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:
                break
            if not part:
                break
            sent += part
        process.wait(60)
    os.close(master)
    return sent.decode()


@pytest.mark.parametrize("arguments", [PRINTING[0][0], ("--help",), PRINTING[-1][0]], ids=" ".join)
def test_who_wants_no_escapes_gets_none(arguments):
    assert "\x1b[" not in in_terminal(*arguments, NO_COLOR="1")
    assert "\x1b[" not in in_terminal(*arguments, TERM="dumb")


def test_a_terminal_has_colours():
    assert "\x1b[" in in_terminal("show", WARM)


@pytest.mark.parametrize(
    "text",
    [WARM, WSD, "Constant(0.1)", "Cosine(0.3, steps=10).repeat(10)", "SquareRoot(0.1) * Noise(0.2)", "Factor(1.0, 2.0)",
     "MultiFactor(0.3, 0.5, milestones=(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17))",
     "MultiFactor(0.3, 0.1, milestones=(1.5e9, 2.7182818e9, 3e9))", "Constant(0.1) - Constant(0.3)"],
)  # fmt: skip
def test_show_is_seen_at_once(run_here, text):
    for columns in ("40", "80"):
        status, out, _ = run_here("show", text, COLUMNS=columns)
        assert not status
        lines = out.splitlines()
        assert len(lines) < 24
        assert max(map(len, lines)) <= int(columns)


@pytest.mark.parametrize(
    "arguments",
    [
        *[("show", WARM, "--to", to) for to in ("inf", "nan", "0", "-1", "1e400", "x")],
        *[("plot", WARM, "-o", "x.png", "--to", to) for to in ("inf", "nan", "0")],
        *[("plot", WARM, "-o", "x.png", "--steps-per-epoch", to) for to in ("inf", "nan", "0")],
        *[("diff", WARM, WARM, "--to", to) for to in ("inf", "nan", "-1")],
        *[("diff", WARM, WARM, "--tolerance", to) for to in ("inf", "nan", "-1")],
        *[("values", WARM, "--to", to) for to in ("inf", "nan", "-1", "1e30")],
        *[("values", WARM, "--to", "9", "--step", to) for to in ("inf", "nan", "0", "-1", "1e-320")],
        *[("values", WARM, "--to", "9", "--from", to) for to in ("inf", "nan", "10")],
        ("values", "Factor(1.0, 2.0)", "--to", "3000"),
        ("show", "Factor(1.0, 2.0)", "--to", "3000"),
        ("diff", WARM, WARM, "--to", "1e16"),
        ("diff", WARM, f"Plan(lr={WARM})"),
        ("plot", WARM, f"Plan(lr={WARM})", "-o", "x.png"),
        ("values", "Plan(t=1)", "--to", "3"),
        ("show", "Clock(updates=3)"),
        ("values", WARM, "--to", "9", "-o", "nowhere/x.csv"),
        ("values", WARM, "--to", "9", "-o", "."),
        ("values", WARM, "--to", "9", "-o", "/dev/full"),
        ("plot", WARM, "-o", "."),
        ("plot", WARM, "-o", "folder"),
        ("plot", WARM, "-o", "nowhere/x.png"),
        ("show", "@nowhere"),
        ("show", "@."),
        ("show", "@latin-1"),
        ("convert", "@nowhere"),
        ("list", "nothing"),
        ("show", "@" + "x" * 50_000),
        ("show", "x" * 50_000),
        ("show", WARM, "--to", "9" * 50_000),
        ("convert", "StepLR(" + "x" * 50_000 + ")"),
        ("x" * 50_000,),
        ("list", "x" * 50_000),
    ],
    ids=lambda arguments: " ".join(arguments)[:60],
)
def test_what_is_wrong_is_one_short_message_and_2(tmp_path, monkeypatch, run_here, arguments):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "latin-1").write_bytes(b"Cosine(0.3, steps=9)  # \xe9")
    (tmp_path / "folder").mkdir()
    status, out, err = run_here(*arguments)
    assert status == 2
    assert out == ""
    assert 0 < len(err) < 4000
    assert "Traceback" not in err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder", "latin-1"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
def test_a_file_and_a_pipe_may_have_a_mark_of_their_encoding(tmp_path, run_here, encoding):
    for text in (WARM + "\n", parse(WARM).to_json()):
        data = codecs.BOM_UTF16_LE * (encoding == "utf-16-le") + text.encode(encoding)
        (tmp_path / "schedule").write_bytes(data)
        status, out, _ = run_here("values", f"@{tmp_path / 'schedule'}", "--to", "5")
        assert not status
        assert out.startswith("t,rate")
    assert commanding.run("diff", "-", WARM, text=data).returncode == 0


def test_diff_ends_where_nobody_can_look_at_all(run_here):
    assert not run_here("diff", "Constant(1)", "Constant(1) * 1.0", "--to", "1e12")[0]
    late = "Constant(1).then(Constant(2), at=123_456_789_012)"
    status, out, _ = run_here("diff", "Constant(1)", late, "--to", "1e12")
    assert status == 1
    assert "first difference:   t = 123,456,789,012: 1.0 and 2.0" in out


def test_diff_of_a_growth_ends_where_numbers_do(run_here):
    status, out, _ = run_here("diff", "Factor(1.0, 2.0)", "Constant(1)", "--to", "3000")
    assert status == 1
    assert "different at the end, before t = 1,024" in out


def test_without_docstrings_all_is_there_but_what_they_say():
    out = quiet(run("list", flags=("-OO",))).stdout.decode()
    assert "Cosine(base_lr, final_lr=0.0, *, steps)" in out
    assert "0x" not in out
    assert "Annotated" not in out


def test_without_docstrings_commands_are_described():
    out = run("--help", flags=("-OO",), COLUMNS="200").stdout.decode()
    for command in app.app.registered_commands:
        name = command.name or command.callback.__name__
        assert re.search(rf"[│|] {name} +\w+", out), name


def test_a_mistake_of_the_program_s_own_is_no_difference(monkeypatch, capsys):
    def broken():
        message = "a mistake"
        raise KeyError(message)

    with pytest.raises(SystemExit) as ended:
        ends.run(broken)
    assert ended.value.code == 2
    assert "a mistake" in capsys.readouterr().err


def test_a_curve_is_called_as_it_was_typed(tmp_path, run_here):
    assert f"1: {WSD}" in run_here("diff", WSD, WARM, COLUMNS="100")[1]
    assert not run_here("plot", WSD, "-o", str(tmp_path / "one.html"))[0]
    assert WSD in (tmp_path / "one.html").read_text()


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\eta_0 \, \gamma^{\lfloor t / s \rfloor}", "eta_0 gamma^floor(t / s)"),
        (r"\frac{1 - t/T}{1 - t/2T}", "(1 - t/T) / (1 - t/2T)"),
        (r"\sqrt{\frac{N - t}{U}\Bigl(2 - \frac{N + t}{U}\Bigr)}", "sqrt(((N - t) / U) (2 - (N + t) / U))"),
        (r"\tfrac12 (1 + \cos(\pi t / T)), \quad 0 \le t < T", "1/2 (1 + cos(pi t / T)), 0 <= t < T"),
    ],
)
def test_a_formula_is_readable_without_latex(latex, expected):
    assert formula(latex) == expected


def test_expressions_are_what_they_were():
    assert parse(WARM) == Cosine(0.3, 0.01, steps=15).with_warmup(5)
