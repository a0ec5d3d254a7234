"""What pytest must not import."""

collect_ignore = ["train.py"]  # a program, which reads its arguments at once
