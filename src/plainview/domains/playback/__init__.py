"""Getting films in and playing them: ingest, packages, streams.

Owns ingests and packages. Never keeps a package without its video, nor files without their package.
"""
