"""What lies in every bundle for people who open it: how to check it, in both languages."""

README_KO = """\
이 묶음으로 투표 결과를 누구나 다시 계산해 볼 수 있습니다.

들어 있는 것
- rules.json: 투표를 시작하기 전에 확정한 규칙과 항목, 사업비, 동점 처리 방법입니다.
- ballots/: 이름 없이 섞어 놓은 투표지입니다. 예산 투표는 .pb(파불리브 형식), 안건 투표는 .csv입니다.
- receipts.txt: 접수증 목록입니다. 있는 경우에만 들어 있습니다.
- outcome.json: 누리집에 공개된 결과입니다.
- manifest.json: 위 파일마다 적어 둔 SHA-256 값입니다. 이 안내문(README)은 증거가 아니어서 빠져 있습니다.

다시 계산하기
1. CivicVote를 내려받은 컴퓨터에서 다음과 같이 적습니다. 인터넷이나 데이터베이스는 필요하지 않습니다.
   civicvote recount 이-묶음.zip
2. 화면에 나온 규칙과 묶음(manifest.json)의 SHA-256 값이 누리집의 결과 화면이나 인쇄해 둔 개표 기록에 적힌 값과
   같은지 보십시오. 다른 사람이 받은 묶음의 값과도 비교할 수 있습니다. 같은 투표라면 누가 받아도 같은 값이 나옵니다.
3. 예산 투표의 .pb 파일은 pabutools 같은 다른 프로그램으로도 계산할 수 있습니다.

투표한 사람이 10명보다 적은 선거인단의 투표지는 다른 선거인단의 투표지와 함께 세었습니다.
"""

README_EN = """\
With this bundle anybody can count the vote again.

What is in it
- rules.json: the rules, options, costs and the order for ties, fixed before the vote opened.
- ballots/: the ballots, without names and shuffled. Budget votes as .pb (Pabulib's format), agenda votes as .csv.
- receipts.txt: the list of receipts, where there is one.
- outcome.json: the outcome as it was published.
- manifest.json: the SHA-256 of each of these files. This text is no evidence and is left out.

Counting again
1. On a computer that has CivicVote, without network or database:
   civicvote recount THIS-BUNDLE.zip
2. It prints the SHA-256 of the rules and of manifest.json: compare both with those on the outcome page of the site, or
   on a protocol that was printed. Whoever takes the bundle of the same vote gets the same values.
3. The .pb file of a budget vote can be counted with other programs too, such as pabutools.

Ballots of an electorate of which fewer than 10 people voted were counted with those of another.
"""
