"""The post office: mail to the privacy address becomes a request, or waits for a person (P5.2a)."""
