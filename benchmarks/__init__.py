"""Benchmarks: what a schedule costs, beside the formula written by hand and beside other libraries."""
