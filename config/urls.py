"""Every address of the site; each app keeps its own list."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from workflow.api import api
from workflow.views import demo

handler400 = "workflow.views.errors.bad_request"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("workflow.urls")),
    path("accounts/", include("accounts.urls")),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
]
if not settings.PRODUCTION:
    urlpatterns.append(path("demo/forward/", demo.forward, name="demo-forward"))
