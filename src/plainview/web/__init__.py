"""SHOWS. Page shell, components, design system, root urls, middleware; pages/ joins domains.

Owns no tables. Asks domains by their queries and acts by their services; decides nothing.
"""
