"""Sign-in with OpenID Connect: any number of providers, in any of three kinds.

``provider`` is one of them, made of ``settings``: it finds its endpoints (``discovery``) and keys (``keys``), sends
browsers there and redeems what they bring back (``provider``), believes tokens (``tokens``) whose issuer is right
(``issuers``), reads who it is out of them (``profile``) and decides who may come in (``allowed``).
"""
