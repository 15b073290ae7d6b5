"""Health endpoints."""

from tests.strict_client import StrictClient


def test_healthz_answers_without_a_database(client: StrictClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}


def test_readyz_names_the_schema(client: StrictClient) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json is not None
    assert response.json["status"] == "ready"


def test_an_address_that_does_not_exist_answers_404_with_a_page(client: StrictClient) -> None:
    response = client.get("/nowhere")
    assert response.status_code == 404
    assert client.page.xpath("//main//a[@href='/']"), "the page leads back to the first page"
