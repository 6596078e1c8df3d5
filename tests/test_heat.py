"""Heat maps: which cell is how strong, what is averaged, what stands beside it, and that both languages draw the same."""

import json
import re
import subprocess

import numpy as np
import pytest

from autograd_lab.views.heat import MOST, drawn, grid, heat

STATIC = "autograd_lab/views/static"


def test_strength_goes_from_zero_to_the_largest_magnitude_on_either_side():
    found = heat(np.array([-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0]))
    assert found.cells == "dcba01234"
    assert (found.rows, found.columns) == (1, 9)
    assert found.stats == ("-4", "0", "4", "4", "")


def test_the_scale_is_centred_on_zero_whatever_the_range_is():
    assert heat(np.array([1.0, 2.0, 3.0, 4.0, 4.0])).cells == "12344"
    assert heat(np.full(5, 1e308)).cells == "44444"
    assert heat(np.zeros(5)).cells == "00000"
    assert heat(np.zeros(5)).stats == ("0", "0", "0", "0", "")


def test_what_is_not_finite_is_marked_and_counted_and_changes_no_scale():
    found = heat(np.array([[1.0, np.nan, np.inf], [-np.inf, -1.0, 0.5]]))
    assert found.cells == "4x+-d2"
    assert found.stats == ("-1", "0.1667", "1", "1", "3")
    assert heat(np.full(5, np.nan)).stats == ("nan", "nan", "nan", "0", "5")


@pytest.mark.parametrize(
    ("shape", "cells", "block", "sliced"),
    [
        ((16, 16), (16, 16), None, False),
        ((17, 5), (16, 5), (2, 1), False),
        ((64, 64), (16, 16), (4, 4), False),
        ((1000,), (1, 16), (1, 63), False),
        ((3, 5, 6), (5, 6), None, True),
        ((2, 2, 40, 3), (16, 3), (3, 1), True),
    ],
)
def test_a_large_array_is_averaged_in_blocks_and_of_many_axes_the_first_slice_is_shown(shape, cells, block, sliced):
    found = heat(np.arange(float(np.prod(shape))).reshape(shape))
    assert (found.rows, found.columns) == cells == grid(shape)
    assert len(found.cells) == cells[0] * cells[1]
    assert max(cells) <= MOST
    assert (found.block, found.sliced) == (block, sliced)
    assert found.stats[2] == f"{np.prod(shape) - 1:.4g}"  # of the whole array, not of what is shown


def test_a_block_shows_its_mean_and_a_block_with_nan_shows_that():
    array = np.zeros((32, 32))
    array[:2, :2] = [[1.0, 3.0], [1.0, 3.0]]
    array[30, 31] = np.nan
    cells = heat(array).cells
    assert (cells[0], cells[1], cells[-1]) == ("4", "0", "x")
    assert heat(array).stats[3] == "2"


@pytest.mark.parametrize("dtype", [np.float32, np.int64, bool])
def test_other_dtypes_have_heat_maps_too(dtype):
    assert heat(np.array([0, 1, 1, 0, 1], dtype=dtype)).cells == "04404"


def test_neighbouring_cells_of_one_strength_are_one_stroke():
    assert drawn("4400", 4) == '<path class="h4" d="M0 0h2"/>'
    assert drawn("0d0d", 2) == '<path class="hd" d="M1 0h1M1 1h1"/><path class="strong" d="M1 0h1M1 1h1"/>'


def test_the_sign_is_drawn_and_not_only_coloured():
    assert "weak" not in drawn("1234", 4)
    assert "strong" not in drawn("1234", 4)
    assert 'class="weak" d="M0 0h2"' in drawn("abcd", 4)
    assert 'class="strong" d="M2 0h2"' in drawn("abcd", 4)
    assert drawn("x+-", 3).count("M") == 3 + 2 + 1  # three crosses, two cells of full strength, one bar


def test_the_frontend_draws_the_same_paths(node, repository):
    draw = np.random.default_rng(0)
    samples = [("", 1), ("x", 1), ("4400", 4), ("01234abcdx+-", 5)]
    samples += [("".join(draw.choice(list("01234abcdx+-"), 256)), columns) for columns in (1, 7, 16)]
    script = (
        f'import {{ heatOf }} from "{(repository / STATIC / "heat.js").as_uri()}";'
        f"console.log(JSON.stringify({json.dumps(samples)}.map(([cells, columns]) => heatOf(cells, columns))))"
    )
    done = subprocess.run([node, "--input-type=module", "-e", script], capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == [drawn(cells, columns) for cells, columns in samples]


def test_the_style_knows_every_path(repository):
    css = (repository / STATIC / "heat.css").read_text(encoding="utf-8")
    for name in re.findall(r'class="(\w+)"', drawn("01234abcdx+-", 12)):
        assert f".{name}" in css
