"""Of allauth only log-in, log-out and the change of one's own password are open."""

from allauth.account import views as allauth_views
from django.urls import path

from accounts import views

urlpatterns = [
    path("login/", views.LogIn.as_view(), name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("password/change/", views.ChangePassword.as_view(), name="account_change_password"),
    path("demo/", views.demo_people, name="demo-people"),
    path("demo/enter/", views.demo_enter, name="demo-enter"),
]
