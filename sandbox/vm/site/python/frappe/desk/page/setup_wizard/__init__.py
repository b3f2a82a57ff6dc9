"""Where the setup wizard lies."""
