"""The page that says what personal data is kept, for how long, and when it was last destroyed."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from civicvote.cli.retention import retention_command
from civicvote.domain.retention.periods import RETENTION, Lasting
from tests.integration.retention import rows
from tests.strict_client import StrictClient


@pytest.mark.parametrize("language", ["", "/en"])
def test_everybody_reads_every_line_and_what_stays(client: StrictClient, language: str) -> None:
    assert client.get(f"{language}/privacy/retention").status_code == 200
    assert len(client.page.xpath("//main//h3")) == len(RETENTION) + len(Lasting)


def test_the_page_says_whether_it_ever_ran_and_what_went(app: Flask, session: Session, client: StrictClient) -> None:
    client.get("/en/privacy/retention")
    assert "It has not run on this site yet." in client.text()
    rows.mail(rows.NOW - rows.LONG)
    session.commit()
    assert app.test_cli_runner().invoke(retention_command, ["run"]).exit_code == 0
    client.get("/en/privacy/retention")
    assert "It has not run" not in client.text()
    mails = client.page.xpath("//li[h3[contains(., 'Mails we sent')]]")[0].text_content()
    assert "30 days" in mails
    assert "Destroyed in the last run: 1" in mails


def test_every_page_leads_there(client: StrictClient) -> None:
    client.get("/how")
    assert client.page.xpath("//footer//a[@href='/privacy/retention']")
