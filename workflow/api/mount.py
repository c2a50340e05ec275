"""The API as a whole: who comes in, how it speaks, where it stops."""

import json
from datetime import datetime
from typing import Any

from django.urls import URLPattern, URLResolver, re_path
from django.utils import timezone
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from workflow.api import problems
from workflow.api.auth import BearerToken, PageSession
from workflow.api.documentation import with_problems


class Encoder(NinjaJSONEncoder):
    def default(self, o: Any) -> Any:
        if isinstance(o, datetime):  # whole: Django's cuts microseconds, and the journal's hashes cover them
            return timezone.localtime(o).isoformat()
        return super().default(o)


class Renderer(JSONRenderer):
    encoder_class: type[json.JSONEncoder] = Encoder
    json_dumps_params = {"ensure_ascii": False}


class LuoshiAPI(NinjaAPI):
    def __init__(self) -> None:
        super().__init__(
            title="落实 Luoshi",
            version="1",
            description="Responsibility tables as a supervised workflow. `detail` of a problem is a Chinese sentence.",
            docs_url=None,  # Swagger's page wants inline styles, which our policy refuses
            auth=[BearerToken(), PageSession()],
            renderer=Renderer(),
        )
        problems.install(self)

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        patterns, app, namespace = super().urls
        for pattern in patterns:
            pattern.callback = problems.speaking_problems(pattern.callback)  # type: ignore[arg-type]
        end = re_path(r"^.*$", problems.speaking_problems(problems.no_such_path))
        return [*patterns, end], app, namespace

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        return with_problems(super().get_openapi_schema(**where))
