"""A copy of all that is held of a person, made by a job and kept sealed until they fetch it.

`making` goes through what is held, a stretch at a time, and writes `sealed` pieces; whatever moment
it dies at, it goes on from the last stretch. `zips` puts a zip together from them while it is
fetched, so that nothing readable ever stands on the disk. `page` is what a person reads of it.
"""
