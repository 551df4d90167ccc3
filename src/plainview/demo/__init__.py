"""The demo: the catalogue of Lantern Street Pictures, an operator that doesn't exist.

Films, sound, posters, texts and subtitles were made for Plainview. The films are not files in the
repository: `render` paints and plays them at set-up, the same way every time. `catalogue.load()`
says what there is; bringing it into the database is the business of whoever sets up.
"""
