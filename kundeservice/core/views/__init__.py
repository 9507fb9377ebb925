"""Pages of the floor: log-in, the way to one's own door, progress of background work, health."""
