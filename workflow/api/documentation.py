"""What the OpenAPI document says that no signature does: request bodies, files, and problems."""

from typing import Any

from ninja import Schema
from ninja.openapi.schema import OpenAPISchema

from workflow.api.schemas import Problem


def json_request(body: type[Schema]) -> dict[str, Any]:
    """A documented JSON body that ninja does not judge (workflow.api.bodies)."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": body.model_json_schema()}}}}


def upload_request() -> dict[str, Any]:
    fields = {"file": {"type": "string", "format": "binary"}, "caption": {"type": "string", "maxLength": 200}}
    schema = {"type": "object", "properties": fields, "required": ["file"]}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


def file_answer(description: str) -> dict[str, Any]:
    content = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    return {"responses": {200: {"description": description, "content": content}}}


def with_problems(document: OpenAPISchema) -> OpenAPISchema:
    """Every operation may answer a problem."""
    document["components"]["schemas"]["Problem"] = Problem.model_json_schema()
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"]["default"] = {"description": "Problem", "content": content}
    return document
