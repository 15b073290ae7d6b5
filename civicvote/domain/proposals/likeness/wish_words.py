"""Words by which people name the same wish: 건널목 and 횡단보도, 핸드폰 and 스마트폰, a crossing and a crosswalk.

One line a thing, in no order that matters; a blank within a word is written _. Korean words are looked for anywhere
(compounds and particles), English ones at the beginning of a word. Only things that residents propose something about
stand here, and only words that are hardly ever meant otherwise: 개 alone, or 불, says too little. Add a line when
moderators merge proposals that nobody was shown, and raise ``findable.services.FORMAT``: the worker then marks anew
what stands there.
"""

import unicodedata
from collections import Counter, defaultdict
from itertools import product

_LINES = """
건널목 횡단보도 crosswalk crossing zebra
신호등 보행신호 traffic_light
과속 빨리_다니 속도위반 쌩쌩 speeding
과속방지턱 방지턱 speed_bump speed_hump
찻길 차도 도로 roadway
인도 보도 보행로 sidewalk pavement footpath
통학로 등굣길 등하굣길 등하교 school_run
주차 정차 주정차 차를_세우 차_세우 차를_대 차_댈 parking parked
주차장 주차타워 차고지 car_park parking_lot
단속 적발 과태료 enforce
골목 이면도로 alley lane
가로등 보안등 조명 전등 불빛 밝은_등 어두워 어둡 캄캄 컴컴 street_lamp streetlight street_light lighting lamps dark
카메라 감시카메라 cctv 방범 camera
버스정류장 버스정류소 정류장 정류소 승강장 bus_stop
버스 마을버스 시내버스 bus
막차 심야버스 last_bus night_bus
배차 도착_시간 도착시간 언제_오는지 버스정보 도착_안내 안내기 arrival_time timetable
택시 taxi
의자 벤치 앉을 걸터앉 쉼터 bench seat
비가림 지붕 비_막을 비를_피 햇볕 shelter
그늘막 그늘 파라솔 차양 차광 shade
폭염 무더위 뙤약볕 땡볕 더위 heat
화장실 변소 toilet restroom
냄새 악취 썩은_내 구린내 smell stink odour odor
청소 청결 위생 치워 치우 clean
더럽 더러 지저분 불결 dirty filthy
쓰레기 폐기물 오물 봉지 garbage trash litter waste rubbish
분리수거 분리배출 재활용 recycling
무단투기 아무_데나_버 몰래_버 불법_투기 불법투기 dumping
음식물쓰레기 음식물_찌꺼기 잔반 퇴비 거름 compost food_waste
헌옷 헌_옷 중고 물려_주 기증 second-hand secondhand
교복 학생복 school_uniform
나눔 나누 물려받 기부 share donate
고쳐 고치 수리 수선 고장_난 고장난 repair mend fix broken
공구 드릴 사다리 연장을 tool
빌려 대여 대출 빌리 lend borrow rental
장난감 toy
도서관 책방 열람실 library
책 독서 도서 그림책 book
공부방 독서실 스터디 공부할 공부하고 학습_공간 학습공간 study_room
어르신 노인 할머니 할아버지 고령 시니어 elderly senior grandparent older
혼자_사는 홀로_사는 홀몸 독거 1인_가구 1인가구 living_alone
고독사 안부 말벗 외로움 외로우 lonely
반찬 도시락 밑반찬 meal_delivery
점심 급식 식사 끼니 밥_먹 밥을 lunch meals
경로당 노인정 마을회관 회관 senior_centre senior_center village_hall
치매 알츠하이머 dementia
휴대전화 휴대폰 핸드폰 스마트폰 smartphone mobile_phone
디지털 키오스크 무인_주문기 컴퓨터 digital kiosk
가르쳐 가르치 교육 교실 강좌 배우고 배울 수업 강사 teach lesson class course
외국인 이주민 이주노동자 다문화 결혼이민 foreign migrant immigrant
한국어 한국말 한글 우리말 korean
통역 번역 interpret translat
장애인 장애 휠체어 지체장애 disabled disability wheelchair
발달장애 자폐 특수교육 지적장애 autis special_needs
경사로 문턱 턱을 배리어프리 ramp threshold barrier-free
점포 가게 상가 식당 음식점 shop store restaurant
유모차 stroller pram
임산부 산모 출산 아이_낳 pregnan
아기 영아 갓난 젖먹이 신생아 영유아 baby babies infant toddler
육아 아이_키우 아기_키우 양육 맘카페 parenting
돌봄 돌봐 돌보 봐_주는 봐_줄 맡길 맡아_주 보육 어린이집 childcare care
아픈_아이 소아과 아플_때 sick_child
어린이 아이들 아동 아이 애들 초등학생 child kid
놀이터 놀이시설 미끄럼틀 그네 playground
바닥재 고무바닥 탄성_포장 탄성포장 바닥이 바닥_교체
청소년 중학생 고등학생 십대 중고생 teenager youth
학생 pupil student
방학 school_holiday vacation
학교 초등학교 중학교 고등학교 school
청년 젊은이 취준생 취업_준비 취업을_준비 대학생 시험_준비 면접 young_adult job_seeker
창업 startup
상담 고민 심리 마음건강 마음이_아픈 우울 불안 counsel mental_health
음악 악기 밴드 합주 노래 연주 피아노 드럼 music band
연습실 방음 rehears practice_room
전통시장 재래시장 시장_상인 시장에서 장터 traditional_market
지역화폐 상품권 지역사랑상품권 동네_상품권 local_currency voucher
농산물 채소 농사 농부 농가 농민 직거래 소농 farmer produce
식료품 생필품 먹을거리 grocer
텃밭 상자텃밭 작물 주말농장 allotment garden
옥상 지붕 roof
태양광 햇빛 솔라 태양열 solar
전기 전력 발전소 electric
난방 기름값 연료비 heating
하천 개천 개울 냇가 천변 강변 강가 하천변 stream river
수질 물이_더럽 물이_더러 하수 오수 생활하수 오염 water_quality sewage
저수지 수변 호수 reservoir pond lake
산책로 산책길 둘레길 걷는_길 걸을_수_있 걷기_길 walking_trail trail path
데크 나무_길 나무길 목재_데크 boardwalk deck
등산 등산로 뒷산 산길 hiking
안내판 표지판 이정표 안내_표지 팻말 signpost
자전거 자전거길 자전거도로 bicycle bike cycl
끊긴 끊겨 끊어진 단절 이어_주 연결 잇는 missing_link
킥보드 전동킥보드 스쿠터 scooter
공원 녹지 park
나무 가로수 수목 tree
강아지 반려견 애견 개를_키우 견주 반려동물 dog
목줄 울타리 leash fence
고양이 길고양이 cat
중성화 tnr 급식소 neuter
침수 물에_잠 물이_찹 물이_차 잠겨 잠기 잠겼 범람 flood
지하차도 굴다리 underpass
배수 펌프 하수구 빗물받이 drain pump
장마 집중호우 폭우 큰비 호우 downpour
빙판 결빙 얼어 미끄러 눈길 제설 icy snow
비탈 언덕 경사_도로 경사로_도로 급경사 오르막 경사도로 slope hill
열선 heated_road
빈집 폐가 empty_house vacant
집수리 도배 장판 누수 낡은_집 주거환경 home_repair
손잡이 안전바 handrail
저소득 취약계층 형편 어려운_이웃 low_income
택배 무인_보관함 무인보관함 보관함 택배함 parcel delivery_locker
여성 여자 women
층간소음 층간_소음 윗집 이웃_갈등 이웃_분쟁 분쟁 갈등 다툼 다툽 neighbour_dispute
중재 조정 화해 mediat
소음 시끄러 시끄럽 noise noisy loud
먼지 비산먼지 흙먼지 dust
공사장 공사_현장 건설_현장 재개발 construction_site
담배 흡연 금연 꽁초 smok cigarette
우회전 오른쪽으로_도 right_turn
사거리 네거리 교차로 intersection junction
수거함 모으는_통 모으는_곳 수거 collection_box
박물관 기록관 전시관 전시 museum exhibition
보존 살려서 헐지 철거 허물 preserv
야간 밤에 밤늦 저녁 night evening
주말 토요일 일요일 weekend saturday
개방 열어_주 문을_열 여는 open
자원봉사 봉사자 봉사 재능기부 volunteer
공동부엌 공유부엌 공유_부엌 부엌 kitchen
카페 찻집 cafe
"""


def _spellings(word: str) -> set[str]:
    """With blanks and without: 차 세우 and 차세우, speed bump, speed-bump and speedbump."""
    parts = word.split("_")
    joints = ("", " ", "-") if word.isascii() else ("", " ")
    return {
        "".join(part + joint for part, joint in zip(parts, [*between, ""], strict=True))
        for between in product(joints, repeat=len(parts) - 1)
    }


def _words_by_beginning() -> dict[str, list[tuple[str, str]]]:
    """(word, thing), the longest first, by the two signs with which the word begins."""
    thing_of: dict[str, str] = {}
    for line in _LINES.split("\n"):
        for word in (words := line.split()):
            for spelling in _spellings(word):
                thing_of.setdefault(spelling, words[0])
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for word, thing in sorted(thing_of.items(), key=lambda each: (-len(each[0]), each[0])):
        found[word[:2]].append((word, thing))
    return found


_BY_BEGINNING = _words_by_beginning()


def things_in(text: str) -> Counter[str]:
    """What ``text`` speaks of, by the first word of each line, and how often. Takes time by the length of the text."""
    plain = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    found: Counter[str] = Counter()
    place = 0
    while place < len(plain) - 1:
        word, thing = _word_at(plain, place)
        if thing:
            found[thing] += 1
        place += len(word) or 1
    return found


def _word_at(plain: str, place: int) -> tuple[str, str]:
    for word, thing in _BY_BEGINNING.get(plain[place : place + 2], ()):
        if not plain.startswith(word, place):
            continue
        if not word[0].isascii() or place == 0 or not plain[place - 1].isalnum():
            return word, thing
    return "", ""
