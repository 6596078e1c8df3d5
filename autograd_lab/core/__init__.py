"""The engine: Tensors over NumPy that record what is computed with them, and the loops that differentiate the record.

What it does, with examples, and each difference to PyTorch: docs/core.md. The modules, in reading order:

`node`          a record of one operation, and a constant with why it needs no gradient
`primitives`    the table of rules: a row says what is computed and how it is differentiated
`recording`     `apply`: compute a primitive, and leave a record where a gradient may flow
`accumulate`    the two loops, reverse and forward, over records
`visits`        what the loops tell watchers and ask of hooks

`tensor`        Tensor, a handle on a record; made of
`operators`     Python's operators,
`methods`       NumPy's methods,
`gradients`     what PyTorch code asks about gradients,
`dispatch`      NumPy's functions: from a call to its row, or to a TypeError that names it

`backward`      one reverse accumulation, added to grad, with the hooks on its way
`grad_fn`       what PyTorch code sees of a record, and the handles of hooks
`in_place`      x += y and x[i] = y: the same object with a new record, its views too
`storage`       which memory was written to, and when: what was overwritten before it was needed
`modes`         what a thread does: record or not, who listens, in which scope

`transform`     one run of a function on variables of its own: what func and check_grad are made of
`trees`         nested tuples, lists and dicts of values, taken apart and put together again
`custom`        a primitive of one's own, and the test that every row passes

It imports NumPy only.
"""
