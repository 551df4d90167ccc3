"""Background work as rows: a job has a lease and a heartbeat, so that none is ever lost or stuck.

The row is the truth on every scale: a worker beside the web process claims rows, and so do workers
on other machines. Arguments are identifiers only, never anything about a person.
"""
