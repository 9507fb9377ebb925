"""Formats of dates and numbers per language, where Django's own do not fit."""
