"""What somebody brings from another service: the copy they took there, read with suspicion.

Only tables that say `travels` beside their data take part, and only what the person permits here
and the policy has a purpose for is written. `reading` looks into the file, `writing` makes rows of
it, `services` keeps the place, so that the work goes on whatever dies.
"""
