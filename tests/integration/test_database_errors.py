"""What a failing statement says of itself, since it goes into the log."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session


def test_an_error_of_the_database_repeats_nothing_that_was_typed(session: Session) -> None:
    with pytest.raises(sa.exc.DBAPIError) as caught:
        session.execute(sa.text("SELECT * FROM no_such_table WHERE email = :typed"), {"typed": "hana@example.org"})
    assert "no_such_table" in str(caught.value)
    assert "hana@example.org" not in str(caught.value)
