"""Subtitles: tracks and their cues, imported from files or embedded tracks, served as WebVTT.

Owns tracks and cues. Knows videos, not who watches them.
"""
