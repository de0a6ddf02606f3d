"""Two versions of a law, or two settings of its readings: which conclusions can come out differently, with an example.

What is compared is what follows from facts as they are: every question answered, every list complete. If the two agree
there, they agree in every case, however little of it is known. Facts are matched by name, what is read from records by
what is read, rules and readings by id. Conclusions are compared under the readings in force on each side, then under
every other setting of the readings both have. Knows no file and no page.
"""

from wenze.law.compare.anything import Answers
from wenze.law.compare.conclusions import compare
from wenze.law.compare.difference import Change, Comparison, Declared, Example, Excluded
from wenze.law.compare.example import answer_in_words, case_of, in_words

__all__ = [
    "Answers",
    "Change",
    "Comparison",
    "Declared",
    "Example",
    "Excluded",
    "answer_in_words",
    "case_of",
    "compare",
    "in_words",
]
