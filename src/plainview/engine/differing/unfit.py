"""Why one version can't follow another, whatever its content."""

from collections.abc import Iterator

from plainview.engine.policy import Policy
from plainview.engine.problems import Problem


def unfit(old: Policy, new: Policy) -> list[Problem]:
    """Return what keeps `new` from following `old`.

    A purpose's bit is its place in the permissions that are stored; it never moves, and goes to no
    other purpose. A version's name is its address for ever.
    """
    return list(_found(old, new))


def _found(old: Policy, new: Policy) -> Iterator[Problem]:
    owners = {purpose.bit: id_ for id_, purpose in old.purposes.items()}
    for id_, purpose in new.purposes.items():
        was = old.purposes.get(id_)
        file, key = f"purposes/{id_}.toml", f"purpose.{id_}.bit"
        if was is not None and was.bit != purpose.bit:
            problem = f"`bit` was {was.bit} in version {old.version} and never changes"
            yield Problem(file, 1, key, problem, f"write `bit = {was.bit}` again")
        elif was is None and purpose.bit in owners:
            problem = f"`bit` {purpose.bit} belonged to `{owners[purpose.bit]}` before"
            yield Problem(file, 1, key, problem, "take one that no purpose ever had")
    if old.version == new.version and old.fingerprint != new.fingerprint:
        problem = f"version `{new.version}` was published with another content"
        remedy = "give this one a `version` of its own, as today's date"
        yield Problem("policy.toml", 1, "version", problem, remedy)
