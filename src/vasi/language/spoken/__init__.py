"""Written text as one would say it: numbers, dates, units, abbreviations, code and addresses, in seven languages.

``spoken_form`` is the way in. What espeak-ng reads rightly by itself (plain numbers above all) stays as it is.
"""
