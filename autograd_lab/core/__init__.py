"""The engine: Tensors over NumPy that record what is computed with them, and the loops that differentiate the record.

Read it in this order: `node` (one vertex), `primitives` (the rules), `tensor` (recording), `accumulate` (the loops),
`modes` (when to record, who watches), `dispatch` (from NumPy's calls to the rules), `transform` (one run of a function on
variables of its own: what func is made of), `own` (a primitive of one's own, and its test). It imports NumPy only.
"""
