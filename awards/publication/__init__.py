"""Locking, publishing, the public site, the archive, and the proof of it all."""
