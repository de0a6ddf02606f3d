"""The app `offices`."""

from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "wenze.web.offices"
    label = "offices"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "机构与人员"
