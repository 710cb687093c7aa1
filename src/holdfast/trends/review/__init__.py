"""The review of a product over a period (21 CFR 211.180(e); EudraLex Volume 4, chapter 1, 1.10), drafted from the record. A person concludes and signs."""
