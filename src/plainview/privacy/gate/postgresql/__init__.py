"""Django's PostgreSQL engine behind the gate."""
