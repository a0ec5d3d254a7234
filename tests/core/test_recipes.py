"""Recipes give ordinary schedules. Their values and refusals are in the table of examples."""

import pytest

from examples import RECIPES
from lrsched_core import Cosine, from_dict, parse, wsd


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_an_ordinary_schedule(name):
    for recipe in RECIPES[name].by_hand:
        assert parse(repr(recipe)) == from_dict(recipe.to_dict()) == recipe


def test_text_may_name_a_recipe():
    assert parse("wsd(0.4, warmup=10, stable=20, decay=10)") == wsd(0.4, warmup=10, stable=20, decay=10)
    assert parse("restarts(0.3, steps=10, growth=2) * 2") == Cosine(0.3, steps=10).repeat(10, growth=2) * 2
