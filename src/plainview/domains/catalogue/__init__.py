"""What there is to watch: titles, seasons, episodes, people, genres, and their words and pictures.

Owns the catalogue. Knows nothing of files and streams (`playback`), nor of who watches.
"""
