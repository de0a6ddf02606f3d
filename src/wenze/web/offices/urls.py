"""The URLs of accounts and offices."""

from django.urls import path

from wenze.web.offices import views

app_name = "offices"

urlpatterns = [
    path("", views.home, name="home"),
    path("login", views.log_in, name="login"),
    path("confirm", views.confirm, name="confirm"),
    path("logout", views.log_out, name="logout"),
]
