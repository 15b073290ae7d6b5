"""Tell of a round table: a clerk brings what was written down there as a table, one row of which can't be taken."""

from functools import partial

from civicvote.cli.example.scene import Scene
from civicvote.domain.proposals.queries_importing import known_words
from civicvote.domain.proposals.services_importing import keep_checked_table, take_in_proposals
from civicvote.domain.proposals.tables.rows import clean_source, read_table

_SOURCE = "동구청 2층 원탁회의"
_DAY = -3.0
_TABLE = (
    "제목,요약,내용,분야,장소,비고\r\n"
    "건널목 초록불이 어르신 걸음에는 짧습니다,지하철역 앞에서 신호 안에 다 건너지 못합니다.,"
    '"지팡이를 짚은 분은 가운데에서 신호가 바뀝니다.\n\n- 초록불을 늘리거나\n- 가운데에 쉴 곳을 만들어 주십시오.",'
    "{field},지하철역 네거리,1모둠\r\n"
    "빈 가게 진열창에 동네 아이들 그림을 걸자,닫힌 가게 앞이 어둡고 쓸쓸합니다.,"
    "주인에게 허락을 받아 한 달에 한 번 그림을 바꿉니다. 불을 켜 두면 밤길도 밝아집니다.,{field},중앙로,2모둠\r\n"
    "쉼터,여름에 앉을 데가 없습니다.,버스를 기다리며 앉을 그늘이 없습니다. 의자 두 개면 됩니다.,{field},,2모둠\r\n"
)


def plan_round_table(scene: Scene) -> None:
    """In the round that collects proposals, a few days ago."""
    if scene.told.story == "discussing":
        scene.stage.plan(_DAY, partial(_bring, scene))


def _bring(scene: Scene) -> None:
    round_, clerk = scene.running_round(), scene.cast.actor("clerk@example.org")
    source = clean_source(_SOURCE)
    data = _TABLE.format(field=round_.fields[0].name_ko).encode()
    table = read_table(data, known_words(round_), source=source)
    kept = keep_checked_table(actor=clerk, round=round_, table=table, source=source, file_name="원탁회의.csv")
    take_in_proposals(actor=clerk, region_id=round_.region_id, import_id=kept.id)
