"""What pytest must not import: programs, which begin at once and end their process."""

collect_ignore = ["paces.py", "reacting.py", "train.py"]
