"""The forms of accounts and offices."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wenze.web.access import Role
from wenze.web.offices.models import Official


def role_titles() -> dict[Role, str]:
    """What roles are called, in the language of the page."""
    return {
        Role.INTAKE: _("受理"),
        Role.HANDLER: _("承办"),
        Role.REVIEWER: _("审理"),
        Role.DECIDER: _("集体决定成员"),
        Role.HEAD: _("单位负责人"),
        Role.AUDITOR: _("监督"),
        Role.SYSTEM: _("系统管理"),
        Role.SECURITY: _("安全管理"),
        Role.AUDIT: _("审计管理"),
    }


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


class RelationshipForm(forms.Form):
    """How a user is related to an official."""

    official = forms.ModelChoiceField(Official.objects.all(), label=gettext_lazy("任职人员"))
    nature = forms.CharField(
        label=gettext_lazy("关系"),
        max_length=120,
        help_text=gettext_lazy("如：近亲属、同学、曾在同一班子任职。只写关系，不写他人情况。"),
    )
