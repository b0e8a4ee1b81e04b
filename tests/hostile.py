"""A hostile world for the tests: what works only by luck shall fail here.

Warnings are errors (pyproject.toml). Template variables that nobody gave fail the test. Queries without an order come shuffled. The
network is off, except for this machine itself. What is to happen after the commit happens, although a test's own transaction never commits.
"""

import ipaddress
import random
import socket
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.template.base import FilterExpression, Node, Variable, VariableDoesNotExist

OUR_APPS = {"cohorts", "matching", "outputs", "sensemaking", "people", "audit", "mail", "portal", "reports"}


def fail_on_unknown_template_variables(patch):
    """A variable that nobody gave fails the test if the template is ours. `{% if %}` and `|default` may ask for what is not there."""
    resolve = Variable.resolve

    def resolve_known(self, context):
        try:
            return resolve(self, context)
        except VariableDoesNotExist:
            asking = sys._getframe(1)
            expression = asking.f_locals.get("self")
            if (
                isinstance(expression, FilterExpression)
                and not asking.f_locals["ignore_failures"]
                and not _has_default(expression)
            ):
                _blame_our_template(self.var, asking)
            raise

    patch.setattr(Variable, "resolve", resolve_known)


def _has_default(expression):
    return any(function.__name__.startswith("default") for function, _ in expression.filters)


def _blame_our_template(variable, frame):
    while frame := frame.f_back:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            template = Path(str(node.origin.name))
            if settings.BASE_DIR in template.parents and ".venv" not in template.parts:
                pytest.fail(
                    f"{template.relative_to(settings.BASE_DIR)} uses the unknown variable {variable}", pytrace=False
                )
            return


def shuffle_unordered_queries(patch):
    """Rows of our models come in random order where the query names none, as PostgreSQL may do any day."""
    dice = random.Random(20261121)
    fetch_all = QuerySet._fetch_all

    def fetch_all_shuffled(self):
        was_fetched = self._result_cache is not None
        fetch_all(self)
        if not was_fetched and not self.ordered and self.model._meta.app_label in OUR_APPS:
            dice.shuffle(self._result_cache)

    patch.setattr(QuerySet, "_fetch_all", fetch_all_shuffled)


def switch_off_network(patch):
    connect = socket.socket.connect

    def connect_here_only(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_this_machine(address[0]):
            pytest.fail(f"A test reached out to {address[0]}; tests stay on this machine.", pytrace=True)
        return connect(self, address)

    patch.setattr(socket.socket, "connect", connect_here_only)


def _is_this_machine(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def run_callbacks_after_each_outer_block(patch):
    """Run on-commit callbacks when the outermost block of the code under test ends, as the commit would."""
    leave = transaction.Atomic.__exit__
    on_commit = BaseDatabaseWrapper.on_commit

    def leave_and_run(self, exc_type, exc_value, traceback):
        leave(self, exc_type, exc_value, traceback)
        if exc_type is None and not self._from_testcase:
            _run_due_callbacks(transaction.get_connection(self.using))

    def on_commit_and_run(self, func, robust=False):
        on_commit(self, func, robust)
        _run_due_callbacks(self)

    patch.setattr(transaction.Atomic, "__exit__", leave_and_run)
    patch.setattr(BaseDatabaseWrapper, "on_commit", on_commit_and_run)


def _run_due_callbacks(connection):
    blocks = connection.atomic_blocks
    if not blocks or not all(block._from_testcase for block in blocks) or connection.needs_rollback:
        return
    while connection.run_on_commit:
        _, callback, _ = connection.run_on_commit.pop(0)
        callback()
