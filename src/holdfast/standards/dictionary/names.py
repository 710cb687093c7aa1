"""Names of attributes as laboratories write them, brought to one spelling before they are compared."""

from __future__ import annotations

import re
import unicodedata

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda",
    "μ": "u", "µ": "u", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi",
    "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
#: British and American spelling of the field's words: both become the second
_SPELLINGS = (
    ("titre", "titer"), ("colour", "color"), ("haem", "hem"), ("tumour", "tumor"), ("foetal", "fetal"), ("leukaem", "leukem"), ("mould", "mold"),
    ("sulph", "sulf"), ("vapour", "vapor"), ("lyophilis", "lyophiliz"), ("oxidis", "oxidiz"), ("neutralis", "neutraliz"),
)  # fmt: skip
_COMPARISONS = (("≥", " ge "), (">=", " ge "), ("≤", " le "), ("<=", " le "))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name: lower case, Greek letters by name, `CD3+` as `cd3pos`, punctuation gone, plural and British spelling removed."""
    # superscript plus and minus become plain by compatibility; the letters that it would turn into Latin look-alikes are Greek already
    text = unicodedata.normalize("NFKC", name).casefold()
    for mark, word in _COMPARISONS:
        text = text.replace(mark, word)
    text = "".join(_GREEK.get(letter, letter) for letter in text)
    text = re.sub(r"(?<=[a-z0-9])\s?\(?\+\)?(?![a-z0-9])", "pos", text)
    text = re.sub(r"(?<=[a-z0-9])-(?=cd\d)", "neg ", text)
    text = re.sub(r"(?<=[a-z0-9])\+(?=[a-z])", "pos ", text)
    text = re.sub(r"[-\s](positive|pos)\b", "pos", text)
    text = re.sub(r"[^\w%]+|_", " ", text)
    for british, american in _SPELLINGS:
        text = text.replace(british, american)
    return tuple(_singular(word) for word in text.split() if word not in {"%", "percent", "the", "of", "per"})


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "pos")) else word


def key_of(name: str) -> str:
    """One text for all spellings of a name: its words without the spaces between them (`IFN-gamma`, `IFN gamma`, `IFNγ`)."""
    return "".join(words_of(name))
