"""Sending what travels straight to a service that the person names (GDPR 20(2), P5.2.1.8a).

They make an invitation there and bring its code here. `protocol` is what the two services say to
each other, `services` asks for it and keeps the place; docs/portability.md is its description.
"""
