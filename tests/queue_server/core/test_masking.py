"""Names on public screens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.core.masking import masked


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张宝", "张*"),
        ("张小宝", "张*宝"),
        ("欧阳宝", "欧阳*"),
        ("欧阳小宝", "欧阳*宝"),
        ("阿依古丽", "阿**丽"),
        ("Anna Bell", "A*** B***"),
        ("李", "*"),
        ("", ""),
    ],
)
def test_the_middle_of_a_name_is_hidden(name: str, shown: str) -> None:
    assert masked(name) == shown


@given(st.text(alphabet="张王李赵欧阳司马小宝明华", min_size=1, max_size=6))
def test_a_masked_name_is_never_the_name(name: str) -> None:
    assert masked(name) != name
    assert "*" in masked(name)
