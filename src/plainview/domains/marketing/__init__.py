"""News: what the service says on its pages, by mail and by push to those who want to hear it.

It owns the pieces of news, which are about nobody. Whom they are shown is never decided here: that
is a choice by channel and topic, and `privacy.consent` knows it.
"""
