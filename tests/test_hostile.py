"""The hostile world bites: each trap is walked into once, on purpose."""

import socket

import pytest
from django.db import transaction
from django.template import Context, engines
from django.template.base import Origin, Template

from tests.factories.cohorts import CityFactory


def render_as_ours(source, **context):
    """Render as if the text stood in one of the project's own template files."""
    django = engines["django"].engine
    file = str(django.dirs[0] / "made-up.html")
    return Template(source, origin=Origin(file, template_name="made-up.html"), engine=django).render(Context(context))


def test_unknown_variable_in_our_template_fails_the_test():
    with pytest.raises(pytest.fail.Exception, match=r"templates/made-up\.html uses the unknown variable city\.nmae"):
        render_as_ours("{{ city.nmae }}", city={"name": "Porto"})


@pytest.mark.parametrize(
    "source", ["{% if city.nmae %}x{% endif %}", "{{ city.nmae|default:'' }}", "{{ city.name|slice:'9:' }}"]
)
def test_template_may_ask_for_what_may_be_missing(source):
    assert render_as_ours(source, city={"name": "Porto"}) == ""


def test_default_is_still_used_for_an_unknown_variable():
    assert render_as_ours("{{ tone|default:'calm' }}") == "calm"


def test_unknown_variable_in_a_foreign_template_is_none_of_our_business():
    assert Template("{{ nothing }}", engine=engines["django"].engine).render(Context()) == ""


@pytest.mark.django_db
def test_rows_without_an_order_come_in_another_one():
    cities = CityFactory.create_batch(12)
    model = type(cities[0])

    orders = {tuple(city.pk for city in model.objects.order_by()) for _ in range(5)}
    ordered = [city.pk for city in model.objects.order_by("pk")]

    assert len(orders) > 1
    assert ordered == sorted(city.pk for city in cities)


def test_other_machines_are_out_of_reach():
    with socket.socket() as probe, pytest.raises(pytest.fail.Exception, match=r"203\.0\.113\.7"):
        probe.connect(("203.0.113.7", 80))


def test_this_machine_is_in_reach():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())


@pytest.mark.django_db
def test_what_follows_the_commit_follows_the_outermost_block():
    order = []
    with transaction.atomic():
        with transaction.atomic():
            transaction.on_commit(lambda: order.append("callback"))
        order.append("still inside")
    order.append("outside")

    assert order == ["still inside", "callback", "outside"]


@pytest.mark.django_db
def test_what_was_rolled_back_has_no_consequences():
    order = []
    with transaction.atomic():
        transaction.on_commit(lambda: order.append("callback"))
        transaction.set_rollback(True)

    assert order == []


@pytest.mark.django_db
def test_without_a_block_the_callback_runs_at_once():
    order = []
    transaction.on_commit(lambda: order.append("callback"))

    assert order == ["callback"]
