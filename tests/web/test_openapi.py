"""The description of the addresses, held against a running service by requests that it generates itself."""

from __future__ import annotations

import json
import re

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from feedsvc.web.description import FILE

DESCRIPTION = json.loads(FILE.read_text("utf-8"))
OPERATIONS = [(path, method) for path, item in DESCRIPTION["paths"].items() for method in item]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]
EXAMPLES = 12
KNOWN = {"source": ["suoi-bac", "ho-so", "le-hoi"], "category": ["tin-tuc", "thong-bao"], "number": ["1", "7", "30"]}


@pytest.fixture(scope="session")
def described(reading_room):
    """The description as the running service gives it."""
    return schemathesis.openapi.from_url(f"{reading_room.url}/openapi.json")


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda part: part)
def test_every_answer_is_as_described(described, reading_room, path, method):
    """Whatever is asked within the description, and beside it, is answered as it says: status, type, headers, shape."""
    operation = described[path][method.upper()]

    @settings(
        max_examples=EXAMPLES, deadline=None, phases=[Phase.generate], database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(data=st.data())
    def ask(data):
        mode = data.draw(st.sampled_from(list(schemathesis.GenerationMode)))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        for name in KNOWN.keys() & (case.path_parameters or {}).keys():
            if data.draw(st.booleans()):  # names that exist are hard to guess
                case.path_parameters[name] = data.draw(st.sampled_from(KNOWN[name]))
        case.call_and_validate(base_url=reading_room.url, checks=CHECKS, timeout=20)

    ask()


def test_every_public_address_is_described(world):
    """Each route of the application stands in the description, and nothing else does."""
    app = world.app()
    rules = {
        re.sub(r"<(?:[^:>]*:)?(\w+)>", "{}", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
    }
    described = {re.sub(r"{\w+}", "{}", path) for path in DESCRIPTION["paths"]}
    assert described == rules


def test_formats_and_choices_are_those_of_the_code():
    """The description names the formats that there are, and every parameter that chooses."""
    parameters = DESCRIPTION["components"]["parameters"]
    assert set(parameters["format"]["schema"]["enum"]) == {"rss", "atom", "json"}
    names = {
        parameters[one["$ref"].rsplit("/", 1)[1]]["name"]
        for one in DESCRIPTION["paths"]["/feeds/{source}.{format}"]["get"]["parameters"]
    }
    assert {"limit", "page", "before", "q", "since", "media", "format"} <= names


def test_it_costs_little_to_ask_again(client):
    """Programs of any site may read it, and are told when they have it."""
    first = client.get("/openapi.json")
    assert first.get_json() == DESCRIPTION
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get("/openapi.json", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
