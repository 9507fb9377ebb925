"""What is asked of a count besides its numbers: how sure, how strict, what hangs on a zero."""
