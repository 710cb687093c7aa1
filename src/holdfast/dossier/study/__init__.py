"""A study as documents: the protocol that was locked, the data that were frozen, and what the locked methods answer. No database.

* `protocol`: what is asked, of which lots, by which method, inside which margins; written before results are read.
* `data`: the results as reported, each with the record it came from, and what was left out and why.
* `evaluate`: the methods of `holdfast.science`, run exactly as the protocol says, with the same answer to the last digit anywhere.
* `design`: how often the planned study would pass a product that did not move, and one that moved by the margin; before data are taken.
"""

from __future__ import annotations
