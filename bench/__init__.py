"""Figures, and how to get them again. RESULTS.md has them all; ``python -m bench`` measures anew."""
