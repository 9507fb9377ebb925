"""The demo edition: an invented world, built by the services of a real one."""
