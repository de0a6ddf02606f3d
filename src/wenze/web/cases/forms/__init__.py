"""What a user types for a step or for work: the fields follow from what the step itself takes and what the law asks."""

from wenze.web.cases.forms.acts import ActForm, act_form, said
from wenze.web.cases.forms.leads import LeadForm
from wenze.web.cases.forms.particulars import evidence_form, finding_form, particular_form

__all__ = [
    "ActForm",
    "LeadForm",
    "act_form",
    "evidence_form",
    "finding_form",
    "particular_form",
    "said",
]
