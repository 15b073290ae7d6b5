"""The sign-ins of the living example: one for each kind of work. They exist in a demonstration only."""

import base64
import hashlib
from dataclasses import dataclass

from civicvote.kernel.permissions import Role

PASSWORD = "heulim-dongne-2026"  # noqa: S105  (printed on purpose; the demonstration holds nothing real)


@dataclass(frozen=True, slots=True)
class SignIn:
    email: str
    name: str
    who: str
    roles: tuple[Role, ...] = ()
    is_resident: bool = False

    @property
    def authenticator(self) -> str:
        """The secret of an officer's authenticator app, the same in every demonstration and no secret at all."""
        return base64.b32encode(hashlib.sha256(self.email.encode()).digest()[:20]).decode() if self.roles else ""


SIGN_INS = (
    SignIn("resident@example.org", "느티나무", "resident of Gwangju, Daejeon and Daegu (주민)", is_resident=True),
    SignIn("newcomer@example.org", "새이웃", "signed up, residency not confirmed yet (새 주민)"),
    SignIn("moderator@example.org", "대화지기", "moderator (토론 관리자)", (Role.MODERATOR,)),
    SignIn("clerk@example.org", "창구담당", "clerk who confirms residency (접수 담당)", (Role.CLERK,)),
    SignIn("entry@example.org", "예산담당", "budget officer who enters (예산 담당, 입력)", (Role.BUDGET_ENTRY,)),
    SignIn(
        "approval@example.org", "예산팀장", "budget officer who approves (예산 담당, 승인)", (Role.BUDGET_APPROVAL,)
    ),
    SignIn(
        "reviewer@example.org",
        "교통과주무관",
        "reviewer who answers for a department (소관부서 검토자)",
        (Role.REVIEWER,),
    ),
    SignIn("expert@example.org", "주거연구자", "expert who gives opinions (전문가)", (Role.EXPERT,)),
    SignIn("observer@example.org", "참관단", "observer who reads the record of acts (참관인)", (Role.OBSERVER,)),
    SignIn("admin@example.org", "회차운영", "administrator (운영자)", (Role.ADMINISTRATOR,)),
)
