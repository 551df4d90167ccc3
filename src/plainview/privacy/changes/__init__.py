"""The policy changed: who is asked about it, who is told of it, and how each of them answered.

In the transaction of a publication (`publishing`) what a material difference touches begins to
wait for an answer; the question comes with the next visit (`asking`), the message by the way that
reaches each person (`sending`).
"""
