"""What is said about shoppers and plans, in words."""
