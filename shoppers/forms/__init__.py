"""What people may type. The rules live in the services; forms read the page and keep what was typed."""
