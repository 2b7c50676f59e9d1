"""Signing in through providers of identities, by OpenID Connect."""
