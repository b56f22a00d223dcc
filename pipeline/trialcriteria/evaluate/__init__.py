"""Evaluate: gold against output. Reads schema values; never looks into the rooms before."""
