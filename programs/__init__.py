"""Arithmetic written once: a straight line of operations as data, and what runs it."""
