"""The floor every app stands on: people, roles, background jobs, audit trail, clock and environment."""
