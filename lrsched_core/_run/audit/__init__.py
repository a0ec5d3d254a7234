"""What a log says was used against what was planned."""
