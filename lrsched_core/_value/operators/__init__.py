"""Operators: schedules made of schedules. They combine pieces and have no formula of their own."""
