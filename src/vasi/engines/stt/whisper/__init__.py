"""Whisper through CTranslate2, in a process of its own that all sessions share.

``engine`` is the recogniser, ``utterance`` what one user says, ``decoding`` the queue in front of the process,
``worker`` what runs there. ``text`` tells what of the model's text was said, ``cuts`` where long audio is parted.
"""
