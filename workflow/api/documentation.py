"""What the OpenAPI document says that no signature does: request bodies, files, and problems."""

from typing import Any

from ninja import Schema
from ninja.openapi.schema import OpenAPISchema

from workflow.api.schemas.problems import Problem


def json_request(body: type[Schema]) -> dict[str, Any]:
    """A documented JSON body that ninja does not judge (workflow.api.bodies)."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": _whole(body)}}}}


def json_rows_request(row: type[Schema], at_most: int) -> dict[str, Any]:
    """A documented list of such bodies."""
    schema = {"type": "array", "maxItems": at_most, "items": _whole(row)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _whole(body: type[Schema]) -> dict[str, Any]:
    """Its schema with what it refers to in place: a body stands in the document on its own."""
    schema = body.model_json_schema()
    parts = schema.pop("$defs", {})

    def inlined(value: Any) -> Any:
        if isinstance(value, dict):
            if ref := value.get("$ref"):
                return inlined({**parts[ref.rpartition("/")[2]], **{k: v for k, v in value.items() if k != "$ref"}})
            return {key: inlined(each) for key, each in value.items()}
        return [inlined(each) for each in value] if isinstance(value, list) else value

    whole: dict[str, Any] = inlined(schema)
    return whole


def json_or_file_request(body: type[Schema], name: str) -> dict[str, Any]:
    """As `json_request`; with a file, the object is the part `body` of a form."""
    content = json_request(body)["requestBody"]["content"]
    fields = {
        "body": {"type": "string", "description": "the JSON object"},
        name: {"type": "string", "format": "binary"},
    }
    form = {"schema": {"type": "object", "properties": fields, "required": ["body"]}}
    return {"requestBody": {"required": True, "content": {**content, "multipart/form-data": form}}}


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
