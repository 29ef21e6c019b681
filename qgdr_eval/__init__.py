"""Evaluation and self-assessment kit for quality and risk management in French care."""

__version__ = "0.1.0"
