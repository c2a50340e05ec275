"""Of several plans the ledger shows one; its filters stay with it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.workflow.documents import word_file
from tests.workflow.views.test_imports import CLEAR, imported, publish
from workflow.models import Plan


@pytest.fixture
def client(pingluo: Plan) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(username="lizhiqiang"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def another(title: str) -> Plan:
    plan = imported(word_file(CLEAR, title=title))
    publish(plan)
    return plan


def test_only_plan_offers_no_choice(client: Client) -> None:
    assert 'name="plan"' not in client.get("/ledger/").content.decode()


def test_filters_keep_the_plan_chosen(client: Client, pingluo: Plan) -> None:
    another("某县重点任务责任分工")
    shown = client.get("/ledger/", {"plan": pingluo.pk, "q": "没有"}).content.decode()
    assert f'<input type="hidden" name="plan" value="{pingluo.pk}">' in shown
    assert f'<option value="{pingluo.pk}" selected>' in shown
    assert set(re.findall(r'href="(/ledger/[^"]*)"[^>]*>(?:全部|清除筛选)', shown)) == {f"/ledger/?plan={pingluo.pk}"}


def test_choice_of_plans_costs_nothing(client: Client, pingluo: Plan) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/ledger/", {"plan": pingluo.pk}).status_code == 200
        return len(captured)

    cost()  # what is kept in memory is read before
    one = cost()
    for number in range(3):
        another(f"第{number}号重点任务责任分工")
    assert cost() == one
