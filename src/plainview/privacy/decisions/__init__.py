"""What programs decide about people: this decision, for this person, and what a person made of it.

The policy declares each (`decisions.toml`); the room that decides explains it (`register`), and
asks whether a person who reviewed it decided otherwise (`overruled`).
"""
