"""What the studies of a count found, ready to be shown: exact or decimal, with the names people know."""
