"""Plain rules of asking: days, waits and text. No Django here."""
