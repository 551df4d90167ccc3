"""The policy's versions: proposed, released by two people, in force from their date, kept for ever.

`models` has what is kept, `archive` the bytes of a version, `services` what is done with one,
`queries` what is asked, `following` how every process comes to the version that is in force, and
`fence` why nothing is written by another. Rooms that have something to do when a version takes
effect join `publishing.after_publish`.
"""
