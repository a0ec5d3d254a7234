"""PyTorch tensors: the same object, eager and compiled."""

import pytest

from cases import CASES, MANY, TIMES, assert_close, assert_close_in_float32

torch = pytest.importorskip("torch")
testing = pytest.importorskip("torch._dynamo.testing")


@pytest.fixture(autouse=True)
def _forget_what_was_compiled():
    torch._dynamo.reset()


@pytest.mark.parametrize("schedule", [*CASES, MANY], ids=lambda s: str(s)[:60])
def test_a_tensor_gives_a_tensor_with_the_values_of_the_array(schedule):
    expected = schedule(TIMES)
    for dtype in (torch.int64, torch.int32, torch.int16, torch.float32, torch.bfloat16, torch.float64):
        t = torch.tensor(TIMES[:200], dtype=dtype)
        values = schedule(t)
        double = dtype == torch.float64
        assert values.dtype == (torch.float64 if double else torch.float32)
        asked = t.double().numpy()
        if double:
            assert_close(values.numpy(), schedule(asked), 1e-15)
        else:
            assert_close_in_float32(values.numpy(), schedule(asked))
    assert_close_in_float32(schedule(torch.tensor(TIMES.reshape(5, -1))).numpy(), expected.reshape(5, -1))
    assert schedule(torch.tensor(7)).shape == ()


@pytest.mark.parametrize("backend", ["eager", "inductor"])
def test_a_thousand_steps_compile_once(backend):
    schedule = CASES[0]
    counter = testing.CompileCounterWithBackend(backend)
    compiled = torch.compile(lambda t: schedule(t) * 2, fullgraph=True, backend=counter)
    for t in range(1000):
        value = compiled(torch.tensor(t)).item()
        assert value == pytest.approx(2 * schedule(t), rel=5e-7)  # asked in between, as a number
    assert counter.frame_count == 1


@pytest.mark.parametrize("schedule", CASES, ids=str)
def test_every_schedule_compiles_into_one_graph(schedule):
    compiled = torch.compile(schedule, fullgraph=True, backend="eager")
    assert_close_in_float32(compiled(torch.tensor(TIMES)).numpy(), schedule(TIMES))


def test_a_tensor_below_0_is_given_the_value_at_0():
    assert CASES[0](torch.tensor([-5, -1, 0])).tolist() == [CASES[0](0)] * 3


def test_the_default_dtype_is_that_of_the_answer_to_integers():
    torch.set_default_dtype(torch.float64)
    try:
        values = CASES[0](torch.tensor(TIMES))
    finally:
        torch.set_default_dtype(torch.float32)
    assert_close(values.numpy(), CASES[0](TIMES), 1e-15)


@pytest.mark.parametrize("dtype", [torch.bool, torch.complex64])
def test_a_tensor_of_anything_else_is_refused(dtype):
    with pytest.raises(TypeError, match="`t` must be a tensor of real numbers, got torch"):
        CASES[0](torch.ones(2, dtype=dtype))


@pytest.mark.parametrize("kind", [int, float])
def test_a_number_inside_compiled_code_gives_its_value(kind):
    schedule = CASES[0]
    schedule(0)  # the function of a number is made by the first one
    compiled = torch.compile(lambda t, x: schedule(t) * x, fullgraph=True, backend="eager", dynamic=True)
    for t in (0, 3, 7, 20, 10**6):
        assert compiled(kind(t), torch.ones(1, dtype=torch.float64)).item() == pytest.approx(schedule(t), rel=1e-15)


def test_the_first_number_may_be_inside_compiled_code():
    schedule = CASES[0].delay(1)
    compiled = torch.compile(lambda t, x: schedule(t) * x, backend="eager")
    for t in (0, 3, 7, 20, 10**6):
        assert compiled(t, torch.ones(1, dtype=torch.float64)).item() == pytest.approx(schedule(t), rel=1e-15)
