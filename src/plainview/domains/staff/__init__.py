"""The staff's desk: pages by which editors, and later moderators and officers, do their work."""
