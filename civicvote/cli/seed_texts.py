"""Words for invented proposals and comments in Korean. Places and nicknames are made up; nobody real is named.

Paragraphs are plain sentences, so their HTML is known without a Markdown run for each of 100,000 rows.
"""

import random
from dataclasses import dataclass
from functools import cache

from civicvote.domain.threads.stance import Stance
from civicvote.kernel.markup import render

_PLACE = "○○"  # stands for the place inside a topic's sentences


@dataclass(frozen=True, slots=True)
class FieldWords:
    """A field (분야) that a round made by the command offers."""

    key: str
    name_ko: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Topic:
    """What a proposal can be about; ``○○`` stands for the place."""

    field_key: str
    title: str
    summary: str
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ProposalText:
    field_key: str
    place: str
    title: str
    summary: str
    body: str
    body_html: str


@dataclass(frozen=True, slots=True)
class CommentText:
    stance: Stance
    body: str
    body_html: str


FIELDS = (
    FieldWords("safety", "안전", "Safety"),
    FieldWords("environment", "환경", "Environment"),
    FieldWords("welfare", "복지", "Welfare"),
    FieldWords("transport", "교통", "Transport"),
    FieldWords("culture", "문화", "Culture"),
    FieldWords("economy", "일자리·경제", "Jobs and economy"),
)

TOPICS = (
    Topic(
        "safety",
        "○○ 골목에 보안등 늘리기",
        "밤이면 어두워 다니기 무서운 골목에 보안등을 더 달자는 제안입니다.",
        "○○ 뒤편 골목은 해가 지면 앞이 잘 보이지 않습니다. 늦게 퇴근하는 이웃과 아이들이 큰길로 돌아갑니다.",
        "보안등을 스무 걸음마다 하나씩 달고, 고장 신고 번호를 기둥에 크게 적어 두면 좋겠습니다.",
    ),
    Topic(
        "safety",
        "○○ 횡단보도에 바닥 신호등 설치",
        "보행 신호를 놓치기 쉬운 횡단보도에 바닥 신호등을 놓자는 제안입니다.",
        "○○ 횡단보도는 길이가 길고 신호가 짧습니다. 걸음이 느린 어르신은 중간에서 신호가 바뀌는 일이 잦습니다.",
        "바닥 신호등을 놓고 보행 시간을 5초 늘려 주십시오. 등하교 시간만이라도 먼저 해 볼 수 있습니다.",
    ),
    Topic(
        "safety",
        "○○ 주변 빗물받이 정비",
        "비가 오면 물이 차는 길의 빗물받이를 고치자는 제안입니다.",
        "지난여름 ○○ 주변 길이 세 번 잠겼습니다. 빗물받이가 낙엽과 담배꽁초로 막혀 있었습니다.",
        "장마 전에 모두 청소하고, 가게마다 하나씩 맡아 돌보는 약속을 만들면 오래갑니다.",
    ),
    Topic(
        "environment",
        "○○에 다회용 컵 반납함 놓기",
        "일회용 컵을 줄이도록 다회용 컵 반납함을 놓자는 제안입니다.",
        "○○ 앞 쓰레기통에는 점심마다 일회용 컵이 넘칩니다. 치우는 분들이 하루에 네 번 비웁니다.",
        "둘레 가게와 함께 다회용 컵을 쓰고, 반납함을 두 곳에 놓아 석 달 동안 해 봅시다.",
    ),
    Topic(
        "environment",
        "○○ 자투리땅에 작은 숲 만들기",
        "비어 있는 땅에 나무를 심어 그늘을 만들자는 제안입니다.",
        "○○ 옆 빈터는 몇 해째 잡풀과 버린 물건으로 가득합니다. 여름에는 둘레에서 가장 뜨거운 곳입니다.",
        "주민이 나무를 고르고 함께 심어, 한 해 동안 물을 주는 모임을 꾸리겠습니다.",
    ),
    Topic(
        "environment",
        "○○ 분리배출 쉼터 운영",
        "재활용품을 바르게 내놓을 수 있는 자리를 만들자는 제안입니다.",
        "○○에는 단독 주택이 많아 재활용품을 내놓을 자리가 없습니다. 봉투가 골목마다 쌓입니다.",
        "요일마다 여는 분리배출 쉼터를 두고, 동네 어르신을 도우미로 모시면 일자리도 생깁니다.",
    ),
    Topic(
        "welfare",
        "○○ 어르신 점심 나눔터",
        "혼자 사는 어르신이 함께 점심을 드실 자리를 만들자는 제안입니다.",
        "○○ 둘레에는 혼자 지내는 어르신이 많습니다. 하루 한 끼도 누군가와 드시지 못한다고 합니다.",
        "비어 있는 방을 고쳐 일주일에 세 번 함께 밥을 짓고 나누겠습니다. 재료는 시장에서 삽니다.",
    ),
    Topic(
        "welfare",
        "○○에 휠체어 경사로 놓기",
        "턱이 있어 들어가지 못하는 곳에 경사로를 놓자는 제안입니다.",
        "○○ 들머리에는 계단이 세 칸 있습니다. 휠체어와 유아차는 들어가지 못합니다.",
        "경사로를 놓고, 도움이 필요할 때 누르는 벨을 낮은 곳에 달아 주십시오.",
    ),
    Topic(
        "welfare",
        "○○ 방과 후 아이 돌봄방",
        "늦게까지 일하는 부모를 위해 저녁 돌봄방을 열자는 제안입니다.",
        "○○ 근처에는 저녁 여섯 시 뒤에 아이를 맡길 곳이 없습니다. 아이들이 놀이터에서 혼자 기다립니다.",
        "저녁 아홉 시까지 여는 돌봄방을 열고, 책 읽기와 숙제를 돕는 이웃을 찾겠습니다.",
    ),
    Topic(
        "transport",
        "○○ 마을버스 배차 간격 줄이기",
        "출퇴근 시간에 마을버스를 더 자주 다니게 하자는 제안입니다.",
        "○○ 정류장에서는 아침마다 스무 명 넘게 줄을 섭니다. 두 대를 보내고 나서야 탈 수 있습니다.",
        "아침 일곱 시부터 아홉 시까지 한 대만 더 다녀도 줄이 사라집니다. 석 달 동안 먼저 해 봅시다.",
    ),
    Topic(
        "transport",
        "○○ 자전거 보관대 지붕 설치",
        "비를 맞아 녹스는 자전거를 위해 지붕을 달자는 제안입니다.",
        "○○ 자전거 보관대는 지붕이 없어 자전거가 금방 녹습니다. 버려진 자전거도 열 대가 넘습니다.",
        "지붕을 달고 버려진 자전거를 고쳐 이웃과 나누는 날을 한 해 두 번 열겠습니다.",
    ),
    Topic(
        "transport",
        "○○ 앞 승하차 구역 만들기",
        "아이를 내려 줄 자리가 없어 막히는 길에 승하차 구역을 만들자는 제안입니다.",
        "○○ 앞은 아침마다 차가 두 줄로 서서 버스가 지나가지 못합니다.",
        "선을 다시 그어 두 대가 잠깐 설 자리를 만들고, 시간을 정해 알려 주십시오.",
    ),
    Topic(
        "culture",
        "○○ 달빛 음악회",
        "이웃이 연주하는 작은 음악회를 계절마다 열자는 제안입니다.",
        "○○에는 저녁에 함께 모일 일이 드뭅니다. 악기를 배우는 이웃은 많지만 들려줄 자리가 없습니다.",
        "계절마다 한 번, 해 질 무렵에 한 시간만 엽니다. 소리 크기와 마치는 시간을 먼저 약속하겠습니다.",
    ),
    Topic(
        "culture",
        "○○ 동네 기록관",
        "사라지는 골목 이야기를 모아 보여 주자는 제안입니다.",
        "○○ 둘레는 곧 재개발이 됩니다. 오래 산 이웃의 사진과 이야기가 함께 사라집니다.",
        "사진을 모아 복사하고 이야기를 녹음해, 누구나 볼 수 있는 작은 기록관을 만들겠습니다.",
    ),
    Topic(
        "culture",
        "○○ 주말 책 장터",
        "다 읽은 책을 나누고 아이들이 책을 파는 장터를 열자는 제안입니다.",
        "○○에서 도서관까지는 버스로 사십 분이 걸립니다. 아이들이 책을 만날 곳이 가까이에 없습니다.",
        "달마다 둘째 토요일에 책 장터를 열고, 남은 책은 작은 책꽂이에 꽂아 두겠습니다.",
    ),
    Topic(
        "economy",
        "○○ 빈 가게를 청년 공방으로",
        "비어 있는 가게를 청년이 함께 쓰는 공방으로 바꾸자는 제안입니다.",
        "○○에는 반년 넘게 비어 있는 가게가 여섯 곳입니다. 저녁이면 거리가 어둡습니다.",
        "주인과 두 해 동안 싼값에 빌리는 약속을 맺고, 청년 세 팀이 함께 쓰는 공방을 열겠습니다.",
    ),
    Topic(
        "economy",
        "○○ 함께 쓰는 배달 손수레",
        "작은 가게들이 함께 쓸 전동 손수레를 마련하자는 제안입니다.",
        "○○ 상인들은 무거운 짐을 손으로 나릅니다. 나이 든 상인일수록 허리를 다치는 일이 많습니다.",
        "전동 손수레 네 대를 사서 함께 쓰고, 관리와 보험은 상인회가 맡겠습니다.",
    ),
    Topic(
        "economy",
        "○○ 디지털 도움방",
        "기계로 주문하기 어려운 이웃과 가게를 돕는 자리를 만들자는 제안입니다.",
        "○○에는 무인 주문기가 늘었지만 쓰기 어려워 돌아서는 손님이 많습니다.",
        "일주일에 두 번, 천천히 함께 눌러 보는 도움방을 열겠습니다. 가르치는 이는 동네 청년입니다.",
    ),
)

_PLACE_NAMES = (
    "느티나무", "새샘", "솔밭", "달빛", "물안개", "무지개", "한마음", "해오름", "버들", "은하", "감나무", "구름",
    "푸른솔", "꽃재", "돌다리", "윗샘", "아랫마을", "참새", "들꽃", "별밭", "소나기", "바람골", "노을", "도토리",
)  # fmt: skip
_PLACE_KINDS = (
    "공원", "시장", "초등학교", "도서관", "경로당", "놀이터", "천변길", "정류장", "체육관", "아파트", "골목",
    "주민센터",
)  # fmt: skip
_NICK_FIRST = (
    "푸른", "느린", "새벽", "따뜻한", "조용한", "둥근", "작은", "씩씩한", "노란", "반가운", "맑은", "부지런한",
)  # fmt: skip
_NICK_SECOND = (
    "고래", "우산", "산책", "연필", "국수", "자전거", "의자", "구름", "보리차", "책방", "감자", "바람",
)  # fmt: skip

_DETAILS = (
    "이웃 스물세 명이 이름을 올려 함께 뜻을 모았습니다.",
    "비용은 넉넉히 잡아도 한 해 예산의 작은 부분이면 됩니다.",
    "가까운 동네에서 비슷한 일을 먼저 했고, 지금도 잘 쓰고 있다고 들었습니다.",
    "지난달 동네 모임에서 가장 많은 공감을 받은 이야기입니다.",
    "처음 석 달은 작게 해 보고, 고칠 점을 찾은 뒤에 넓히면 좋겠습니다.",
    "만든 뒤에 누가 돌볼지까지 함께 정해야 오래갑니다.",
    "낮과 밤, 평일과 주말에 나누어 직접 세어 보았습니다.",
    "담당 부서가 한 번 나와서 함께 걸어 보시기를 부탁드립니다.",
)

_OPENINGS: dict[Stance, tuple[str, ...]] = {
    Stance.FOR: (
        "꼭 필요한 일입니다.", "저도 매일 지나는 곳이라 반갑습니다.", "아이를 키우는 집이라 더 공감합니다.",
        "좋은 제안 고맙습니다.", "우리 동네에도 있으면 좋겠습니다.", "오래전부터 바라던 일입니다.",
    ),
    Stance.AGAINST: (
        "뜻은 좋지만 걱정이 됩니다.", "먼저 할 일이 따로 있다고 봅니다.", "비슷한 시설이 이미 가까이에 있습니다.",
        "관리할 사람이 없으면 금방 낡습니다.", "비용에 견주어 쓰는 사람이 적을 것 같습니다.", "소음이 걱정됩니다.",
    ),
    Stance.NEUTRAL: (
        "궁금한 것이 있습니다.", "하나 여쭙니다.", "지난해 이야기를 보탭니다.", "현장을 보고 왔습니다.",
        "부서 답을 먼저 듣고 싶습니다.", "다른 방법도 함께 보면 어떨까요.",
    ),
}  # fmt: skip
_FOLLOWING = (
    "관리는 누가 맡게 되나요?",
    "한 해 비용이 얼마인지 알려 주시면 좋겠습니다.",
    "낮에는 괜찮지만 저녁에는 전혀 다릅니다.",
    "옆 동네에서는 두 해째 잘 쓰고 있습니다.",
    "어르신이 쓰기 쉬운지도 함께 살펴 주십시오.",
    "장소를 조금만 옮기면 반대하는 분도 줄어들 것 같습니다.",
    "처음에는 작게 해 보고 늘리는 것이 좋겠습니다.",
    "다음 모임에서 함께 이야기하면 좋겠습니다.",
    "사진을 찍어 두었으니 필요하면 보내겠습니다.",
    "비가 오는 날에도 쓸 수 있어야 합니다.",
)


@cache
def _html(pattern: str) -> str:
    """Rendered once for each pattern: what stands in for the place holds no markup."""
    return render(pattern)


def proposal_text(source: random.Random) -> ProposalText:
    """One invented proposal; ``body_html`` is what ``kernel.markup.render`` makes of ``body``."""
    topic = source.choice(TOPICS)
    place = f"{source.choice(_PLACE_NAMES)} {source.choice(_PLACE_KINDS)}"
    patterns = [topic.problem, topic.remedy, *source.sample(_DETAILS, source.randint(1, 3))]
    return ProposalText(
        field_key=topic.field_key,
        place=place,
        title=topic.title.replace(_PLACE, place),
        summary=topic.summary,
        body="\n\n".join(patterns).replace(_PLACE, place),
        body_html="".join(map(_html, patterns)).replace(_PLACE, place),
    )


def comment_text(source: random.Random) -> CommentText:
    """One invented comment of one or two paragraphs."""
    stance = source.choices((Stance.FOR, Stance.AGAINST, Stance.NEUTRAL), (5, 2, 3))[0]
    first = f"{source.choice(_OPENINGS[stance])} {source.choice(_FOLLOWING)}"
    paragraphs = [first] if source.random() < 0.7 else [first, source.choice(_FOLLOWING)]
    return CommentText(stance, "\n\n".join(paragraphs), "".join(map(_html, paragraphs)))


def nickname(source: random.Random, number: int) -> str:
    """A display name of at most 40 characters that no person bears."""
    return f"{source.choice(_NICK_FIRST)} {source.choice(_NICK_SECOND)} {number}"
