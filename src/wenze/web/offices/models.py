"""Units in a tree, posts, who held them when and who managed them, papers dividing the work, and staff users.

Kinds, levels, roles of posts, ranks and modes of holding are terms of the instrument's vocabularies, kept as it writes
them; `acts` refuses others. Days are inclusive at both ends; an open end goes on. Who manages a post is unknown where no
row says so, and stays so: nothing here guesses.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from wenze.web.access import Role


class Dated(models.Model):
    """What holds from a day to a day."""

    start = models.DateField("起")
    end = models.DateField("止", null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="%(app_label)s_%(class)s_ends_after_start"
            )
        ]

    def holds(self, on: date) -> bool:
        return self.start <= on and (self.end is None or on <= self.end)


def on_day(day: date, prefix: str = "") -> Q:
    """Of what is `Dated`: what holds on a day. `prefix` is the way to it, `tenure__`."""
    return Q(**{f"{prefix}start__lte": day}) & (Q(**{f"{prefix}end__isnull": True}) | Q(**{f"{prefix}end__gte": day}))


class Unit(models.Model):
    """An organ or department. `manager`: the unit that manages this one; None where that is not known."""

    code = models.SlugField("代码", unique=True, max_length=40)
    name = models.CharField("名称", max_length=120)
    name_en = models.CharField("英文名称", max_length=160, blank=True)
    kind = models.CharField("类型", max_length=40)
    level = models.CharField("层级", max_length=20)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    manager = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="managed", verbose_name="管理"
    )

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    def superiors(self) -> list[Unit]:
        """The units above, the nearest first."""
        found: list[Unit] = []
        above = self.parent
        while above is not None and above not in found:
            found.append(above)
            above = above.parent
        return found


class Post(models.Model):
    """An office within a unit; a command post is a post of a unit of that kind. `rank` "" where it is not known."""

    code = models.SlugField("代码", unique=True, max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name="单位")
    title = models.CharField("名称", max_length=120)
    title_en = models.CharField("英文名称", max_length=160, blank=True)
    role = models.CharField("角色", max_length=40)
    rank = models.CharField("职级", max_length=40, blank=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.title


class Official(models.Model):
    """Somebody who holds or held a post. Nothing else is kept about a person."""

    code = models.SlugField("代码", unique=True, max_length=40)
    name = models.CharField("姓名", max_length=60)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Tenure(Dated):
    """An official holds a post in a mode. A post without a tenure on a day is vacant."""

    official = models.ForeignKey(Official, models.PROTECT, related_name="tenures", verbose_name="人员")
    post = models.ForeignKey(Post, models.PROTECT, related_name="tenures", verbose_name="职务")
    mode = models.CharField("任职方式", max_length=20)

    class Meta(Dated.Meta):
        ordering = ("start",)


class Management(Dated):
    """Management authority: which unit manages who holds the post."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="managements", verbose_name="职务")
    manager = models.ForeignKey(Unit, models.PROTECT, related_name="manages", verbose_name="管理单位")

    class Meta(Dated.Meta):
        ordering = ("start",)


class DivisionPaper(Dated):
    """A paper that divides the work of a unit's leading group, in force from a day."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="papers", verbose_name="单位")
    number = models.CharField("文号", max_length=80)
    title = models.CharField("标题", max_length=200)

    class Meta(Dated.Meta):
        ordering = ("start",)

    def __str__(self) -> str:
        return f"{self.title}({self.number})"


class Charge(models.Model):
    """What a paper puts in the charge of a post, in the paper's own words."""

    paper = models.ForeignKey(DivisionPaper, models.PROTECT, related_name="charges", verbose_name="分工文件")
    post = models.ForeignKey(Post, models.PROTECT, related_name="charges", verbose_name="职务")
    matter = models.CharField("分管事项", max_length=300)


# --- who logs in ------------------------------------------------------------------------------------------------------


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    """A staff user. `official` where the user is also an official here, so that nobody handles a case of their own."""

    username = models.SlugField("登录名", unique=True, max_length=40)
    name = models.CharField("姓名", max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="users", verbose_name="单位")
    official = models.ForeignKey(
        Official, models.PROTECT, null=True, blank=True, related_name="users", verbose_name="人员"
    )
    is_active = models.BooleanField("启用", default=True)
    totp = models.BinaryField("动态口令密钥(密封)", default=b"")
    totp_step = models.BigIntegerField("最后用过的时间片", default=0)
    failures = models.PositiveIntegerField("连续失败", default=0)
    locked_until = models.DateTimeField("锁定至", null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name

    def roles(self, on: date) -> frozenset[Role]:
        """The roles held on a day."""
        return frozenset(Role(role) for role in self.grants.filter(on_day(on)).values_list("role", flat=True))


class Grant(Dated):
    """A user has a role."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name="用户")
    role = models.CharField("角色", max_length=20, choices=[(role.value, role.value) for role in Role])

    class Meta(Dated.Meta):
        ordering = ("start",)


class Relationship(models.Model):
    """A declared relation between a user and an official, a ground of recusal. It is added, never taken back."""

    user = models.ForeignKey(User, models.PROTECT, related_name="relationships", verbose_name="用户")
    official = models.ForeignKey(Official, models.PROTECT, related_name="relationships", verbose_name="人员")
    nature = models.CharField("关系", max_length=120)
    declared = models.DateField("申报日期")
