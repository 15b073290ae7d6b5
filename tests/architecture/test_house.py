"""The drawing of the house shows the rooms that there are."""

from scripts.draw_house import PICTURE, draw


def test_the_drawing_of_the_house_is_up_to_date() -> None:
    assert PICTURE.read_text() == draw(), "run: python scripts/draw_house.py"
