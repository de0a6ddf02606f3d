"""The forms of accounts and offices."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class ConfirmForm(forms.Form):
    """Password and code."""

    password = forms.CharField(
        label=gettext_lazy("口令"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=gettext_lazy("动态口令"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text=gettext_lazy("身份验证器上显示的六位数字，每个只能用一次。"),
    )

    def refuse(self) -> None:
        self.add_error(None, _("登录名、口令或动态口令不对。动态口令每半分钟更换，用过的须等下一个。"))

    def pause(self, until: datetime) -> None:
        clock = timezone.localtime(until).strftime("%H:%M:%S")
        self.add_error(None, _("失败次数过多，请在 %(time)s 以后再试。") % {"time": clock})


class LoginForm(ConfirmForm):
    """And who it is."""

    username = forms.CharField(
        label=gettext_lazy("登录名"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}),
    )
    field_order = ("username", "password", "code")
