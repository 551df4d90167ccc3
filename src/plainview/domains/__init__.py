"""ACT. One folder a business noun, all built to one plan (see ARCHITECTURE.md)."""
