"""What a run does with a schedule: rules that react to a metric, plans that change, logs that are checked."""
