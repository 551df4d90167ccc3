"""For those who write a policy: `plainview policy`, and the words that a folder has to have.

Reads folders and says what is in them; what holds for people is put into force by `versions`.
"""
