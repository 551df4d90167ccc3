"""Files: where they stand, and how they are sent."""
