"""SHOWS. Page shell, components, design system, root urls, middleware; pages/ joins domains."""
