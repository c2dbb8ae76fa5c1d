"""PocketSphinx, which hears English in the words of the owner's documents.

``engine`` is the recogniser and ``worker`` what runs in its processes; ``models`` keeps the language models that
``builder`` makes of ``corpus``, ``phrases`` and ``background``.
"""
