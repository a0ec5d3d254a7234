"""Values: what schedules, clocks and plans are, whatever they describe."""
