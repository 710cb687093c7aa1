"""Before and after a change (ICH Q5E): equivalence, ranges, tolerance intervals, and what these rules are worth."""

METHODS = {
    "tost-welch": "tost_welch:tost_welch",
}
