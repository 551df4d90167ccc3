"""Subtitles: the tracks that players show, and the studio where people make them together.

Owns tracks and cues, segments, lines with their history, teams and credit. Knows videos and who
works on them, never who watches them.
"""
