"""What somebody keeps for themselves: lists, follows, ratings, and the pause of their history.

Owns those rows. Never decides who may see a title (`catalogue.queries.may_see`), never keeps what
was watched (`playback`), and asks nobody's permission by itself: the gate does.
"""
