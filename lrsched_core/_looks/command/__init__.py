"""The command line. It reads expressions, asks schedules, and writes text and files; it knows no formula."""
