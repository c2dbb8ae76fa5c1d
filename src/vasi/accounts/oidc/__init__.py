"""Sign-in with OpenID Connect: any number of providers, in any of three kinds.

``provider`` is one of them, made of ``settings``: it finds its endpoints (``discovery``) and keys (``keys``), both kept
for a while (``cached``) and fetched within limits (``fetching``). It sends browsers there and redeems what they bring
back (``authorization``), believes tokens (``tokens``) whose issuer is right (``issuers``), and reads who it is out of
them (``profile``). ``allowed`` decides who may come in, ``people`` what is written into their accounts.

Sign-ins that were begun wait in ``attempts``. What a session keeps of its provider's tokens is a grant (``grants``),
which ``renewal`` renews and ``logout`` ends. Programs bring access tokens (``bearer``, ``authenticator``).
``providers`` are all of a server.
"""
