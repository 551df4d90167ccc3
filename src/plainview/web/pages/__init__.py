"""Pages that join several domains: home, title, watch, search, person, first run, the design."""
