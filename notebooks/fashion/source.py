"""Code that stands elsewhere, shown in a notebook."""

from inspect import getsource

from IPython.display import Markdown


def source_of(*objects: object) -> Markdown:
    """The code of functions and classes, as it is run."""
    return Markdown("```python\n" + "\n\n".join(getsource(item).rstrip() for item in objects) + "\n```")
