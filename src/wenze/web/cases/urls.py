"""The URLs of cases. Each has a name, and each name a row in the table of access."""

from django.urls import path

from wenze.web.cases import views

app_name = "cases"

urlpatterns = [
    path("desk", views.desk, name="desk"),
    path("cases", views.listing, name="list"),
    path("leads/new", views.new_lead, name="lead"),
    path("cases/<str:case>", views.overview, name="case"),
    path("cases/<str:case>/facts", views.facts, name="facts"),
    path("cases/<str:case>/determination", views.determination, name="determination"),
    path("cases/<str:case>/determination/page", views.determination_page, name="determination-page"),
    path("cases/<str:case>/defence", views.defence, name="defence"),
    path("cases/<str:case>/decision", views.decision, name="decision"),
    path("cases/<str:case>/record", views.record, name="record"),
    path("cases/<str:case>/export", views.export, name="export"),
    path("cases/<str:case>/evidence/<str:evidence>", views.download, name="evidence"),
    path("cases/<str:case>/admit", views.admit, name="admit"),
    path("cases/<str:case>/find", views.finding, name="finding"),
    path("cases/<str:case>/enter/<str:collection>", views.particular, name="particular"),
    path("cases/<str:case>/step/<str:step>", views.step, name="step"),
    path("cases/<str:case>/issue/<str:step>", views.fresh_step, name="fresh-step"),
    path("cases/<str:case>/work/<str:work>", views.work, name="work"),
    path("cases/<str:case>/vote/<str:work>", views.fresh_work, name="fresh-work"),
]
