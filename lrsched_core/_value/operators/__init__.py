"""Operators: schedules made of schedules. They combine pieces and know no formula of their own."""
