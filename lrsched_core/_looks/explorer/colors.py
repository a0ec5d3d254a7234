"""Colours, by day and by night: the page's as CSS, and the same for what is drawn on it."""

# Quasar marks the page as dark where the system is.
CSS = """
body { --muted: #475569; --strong: #1e293b; --rule: #cbd5e1; --wrong: #b91c1c; --curve: #c2410c; --other: #64748b;
       background: #f8fafc }
body.body--dark { --muted: #a8b3c4; --strong: #f1f5f9; --rule: #475569; --wrong: #fca5a5; --curve: #fb923c;
                  --other: #a8b3c4; --q-primary: #fb923c !important; background: #121212 }
.muted { color: var(--muted) }
.strong { color: var(--strong) }
.wrong { color: var(--wrong) }
.ruled { border-color: var(--rule) }
"""
# Tells the page when the system changes between day and night: what is drawn does not follow by itself.
WATCH = """matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => emitEvent("recolored"))"""


def drawn(name: str) -> str:
    """JavaScript for the colour of that name, as it is now, for a property whose name begins with a colon."""
    return f"getComputedStyle(document.body).getPropertyValue('--{name}').trim()"
