"""A clinic with accounts of every role, asked without a network."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from queue_server.web import Role
from tests.queue_server.core.makers import Day
from tests.queue_server.web.desks import PASSWORD, Clinic, MemoryDesk, accounts_of_every_role

HERE = "http://127.0.0.1:8000"


@pytest.fixture(scope="session")
def _accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    made = accounts_of_every_role(tmp_path_factory.mktemp("accounts"))
    yield made
    made.accounts.close()


@pytest.fixture
def clinic(_accounts: Clinic) -> Clinic:
    return Clinic(MemoryDesk(Day()), _accounts.accounts, _accounts.tokens)


@pytest.fixture
def web(clinic: Clinic) -> Iterator[TestClient]:
    with TestClient(clinic.app(), base_url=HERE, follow_redirects=False) as client:
        yield client


@pytest.fixture
def signed_in(web: TestClient) -> Callable[[Role], TestClient]:
    def sign_in(role: Role) -> TestClient:
        answer = web.post(
            "/sign-in",
            data={"name": role.value, "password": PASSWORD},
            headers={"Origin": HERE},
        )
        assert answer.status_code == 303
        return web

    return sign_in
