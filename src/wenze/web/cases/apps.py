"""Where Django finds the models."""

from django.apps import AppConfig


class Cases(AppConfig):
    name = "wenze.web.cases"
    label = "cases"
