"""The journal as an app of Django's."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "wenze.web.journal"
    label = "journal"
    verbose_name = "记录"
    default_auto_field = "django.db.models.BigAutoField"
