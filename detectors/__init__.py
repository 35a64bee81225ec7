"""Judgement: pure functions of a listing, the rates and the history handed in."""
