"""The URLs of accounts, units and staff."""

from django.urls import path

from wenze.web.offices.views import accounts, places, staff

app_name = "offices"

urlpatterns = [
    path("", accounts.home, name="home"),
    path("login", accounts.log_in, name="login"),
    path("confirm", accounts.confirm, name="confirm"),
    path("logout", accounts.log_out, name="logout"),
    path("offices", places.places, name="places"),
    path("relations", places.relations, name="relations"),
    path("staff", staff.staff, name="staff"),
    path("staff/<int:user>/role", staff.change_role, name="change-role"),
    path("staff/<int:user>/out", staff.put_out, name="put-out"),
]
