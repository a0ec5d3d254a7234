"""The catalogue: every schedule that has a formula or a recipe of its own. One module a family."""
