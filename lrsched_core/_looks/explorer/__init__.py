"""The explorer: a page where schedules are composed by hand. It edits calls and asks schedules; it knows no formula."""
