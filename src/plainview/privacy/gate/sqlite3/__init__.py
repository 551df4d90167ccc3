"""Django's SQLite engine behind the gate."""
