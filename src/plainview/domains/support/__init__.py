"""Letters to the service: questions from the help page, and notices that something is not ours.

It owns what people write to us from a form. It never decides about an account, and what it is told
serves answering and moderating, nothing else.
"""
