"""Who people are to the service: the account and signing in.

Owns the user model. Never decides what may be done with a person's data: that is `privacy`.
"""
