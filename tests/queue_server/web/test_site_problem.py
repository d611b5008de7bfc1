"""The service desk sees why a new site file is not in force."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from queue_server.web import Role

TOLD = "site.toml, line 12: groups.resp.kind is 'clinc'; did you mean 'clinic'?\nand <another>."


@pytest.mark.parametrize(
    ("lang", "heading"),
    [("zh", "新的院区文件尚未启用"), ("en", "The new site file is not in force")],
)
def test_the_desk_says_what_is_wrong_with_the_file_until_it_is_right(
    signed_in: Callable[[Role], TestClient], lang: str, heading: str
) -> None:
    web = signed_in(Role.NURSE)
    assert isinstance(web.app, FastAPI)
    assert heading not in web.get(f"/desk?lang={lang}").text
    web.app.state.site_problem = TOLD
    page = web.get(f"/desk?lang={lang}").text
    assert heading in page
    assert "did you mean &#39;clinic&#39;?" in page
    assert "and &lt;another&gt;." in page
    web.app.state.site_problem = None
    assert heading not in web.get(f"/desk?lang={lang}").text
