"""Stepping optimisers through functions of two numbers: what was asked, what happened, and why."""
