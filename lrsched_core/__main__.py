"""The command line: `lrsched-core`, or `python -m lrsched_core`."""

import sys


def main() -> None:
    """Runs the command line; without what it is built on, says what to install."""
    try:
        from lrsched_core._looks.command.app import run
    except ModuleNotFoundError as error:
        if error.name not in ("typer", "rich", "plotext", "click", "numpy"):
            raise
        sys.exit('The command line needs more than the library: pip install "lrsched-core[cli]"')
    run()


if __name__ == "__main__":
    main()
