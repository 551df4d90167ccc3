"""Breaches of personal data: their register, by when each is told, and to whom (GDPR 33, 34; P8a).

Owns the register, the clocks of what stands in it, and the letters to the people concerned. What is
known of a breach is what its entries say, which are only added. It never names anybody: whom a
letter went to is a row of theirs, and who wrote an entry stands in the log of acts.
"""
