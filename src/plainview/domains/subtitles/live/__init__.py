"""What happens in a room of the studio, and how everybody in it hears it (`hub`, `news`)."""
