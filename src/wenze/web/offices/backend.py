"""Finds the user of a session. Logging in itself is `accounts`."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend

from wenze.web.offices.models import User


class Accounts(BaseBackend):
    def get_user(self, user_id: int) -> User | None:
        return User.objects.select_related("unit").filter(pk=user_id, is_active=True).first()
