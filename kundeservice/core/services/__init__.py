"""Writing on the floor: people, roles and the audit trail."""
