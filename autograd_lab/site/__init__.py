"""The site: every notebook as a page on which its steppers play, without a kernel, a server or a network.

    command.py      what `autograd-lab site` does: reads its options, refuses, says how far it is
    build.py        the whole build, in order
    target.py       the folder that it goes to: built beside it, put in its place at the end
    sources.py      the notebooks and guides: which there are, their titles, how long they take
    run.py          executes notebooks, two at once
    recording.py    in their kernels: publishes what a page needs of each stepper
    plays.py        from there to the place on the page where it plays
    lesson.py       a notebook as HTML; markdown.py its prose, mathematics.py its formulas, code.py its code
    links.py        where a link of a notebook leads on the site
    pages.py        what is around: navigation, languages, the index
    reference.py    the public names, by pdoc

Existing tools do the work: nbclient executes, nbconvert and mistune convert, Pygments highlights, pdoc documents.
"""
