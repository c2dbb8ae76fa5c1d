"""The engines that need no model to be downloaded: the floor that always works, where nothing better is there.

They are a plug-in like any other: ``candidates`` is registered in ``vasi.plugins``, nothing else imports them, and each
is loaded only when it's chosen.
"""
