"""Word documents, as Word shows them.

The WordprocessingML tree is read itself: changes count as accepted, hidden text and the codes of fields are left out,
and what stands in content controls, text boxes, notes, headers and footers is text.
"""
