"""Requests for rights: one number and one timeline, by whatever door they came in.

It owns what people ask for, how far it is and by when. What a right consists in is carried out
elsewhere, by consent, rights and people; the policy says which rights there are and by when.
"""
