"""What somebody brings from another service: the copy they took there, read with suspicion.

Only tables that say `travels` beside their data take part, and only what the person permits here
and the policy has a purpose for is written; all of it at once, or nothing.
"""
