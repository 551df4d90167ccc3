"""The post office: mail to the privacy address becomes a request, or waits for a person (P5.2a).

Owns letters as they came, and nothing that they ask for: that is `requests`. What a letter says is
a claim; it is read in a process of its own, and sends nothing: answers go by `disclosures`.
"""
