"""What fails when it runs, and is an error to type checkers before: each line says which."""

from lrsched_core import Constant, Cosine, CustomSchedule, Interpolated, MultiFactor, Sequence, minimum, register_with

lr = Cosine(0.3, steps=9)

lr(None)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
lr("x")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
lr(lr)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
lr.base_lr = 0.1  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
Cosine("0.3", steps=9)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Cosine(0.3, 0.1, 9)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
Cosine(0.3, T_max=9)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
MultiFactor(0.3, 0.1, milestones=3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Sequence([0.3, lr], milestones=[3])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
Interpolated([0.3], milestones=[3], shape="wave")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
lr.with_warmup(3, shape="wave")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
lr.cooldown(at=3, steps=2, shape="wave")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
lr * "2"  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
minimum(lr, "2")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Constant()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
register_with("toml")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


class Nothing(CustomSchedule):
    """Without a value."""

    base_lr: float


Nothing(0.3)  # type: ignore[abstract]  # pyright: ignore[reportAbstractUsage]
