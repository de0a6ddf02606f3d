"""Pages for what went wrong: what it is and what to do, in the user's language, never a trace."""

from __future__ import annotations

import secrets
from logging import getLogger

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

_log = getLogger(__name__)


def refused(request: HttpRequest, *, status: int, title: str, what: str, todo: str) -> HttpResponse:
    """A page that says what is wrong and what to do next."""
    page = render_to_string("web/error.html", {"title": title, "what": what, "todo": todo}, request)
    return HttpResponse(page, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refused(
        request,
        status=400,
        title=_("请求有误"),
        what=_("服务器看不懂这个请求。"),
        todo=_("请返回上一页，刷新后再试一次。"),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refused(
        request,
        status=403,
        title=_("无权进行"),
        what=_("您的角色不能打开这个页面。"),
        todo=_("请返回首页；如工作需要，请联系本单位负责人调整角色。"),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refused(
        request,
        status=404,
        title=_("没有这个页面"),
        what=_("这个页面不存在，或者不向您开放。"),
        todo=_("请检查地址，或者从首页重新进入。"),
    )


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    return refused(
        request,
        status=403,
        title=_("表单已过期"),
        what=_("这个表单不是刚才从本页打开的，所以没有执行。"),
        todo=_("请返回上一页，刷新后重新提交；浏览器须允许本站的 Cookie。"),
    )


def failed(request: HttpRequest) -> HttpResponse:
    """A fault of ours. The number stands in the log too, so that the one is found by the other."""
    number = secrets.token_hex(4)
    _log.error("fault %s", number)
    page = render_to_string("web/failed.html", {"number": number})
    return HttpResponse(page, status=500)
