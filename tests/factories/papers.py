"""Facts and papers, without a database."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from incidents.papers import forms
from incidents.papers.blocks import Block
from incidents.papers.facts import (
    AgreementFacts,
    CaseFacts,
    InstalmentFacts,
    PartyFacts,
    RecordFacts,
    VisitFacts,
)
from incidents.papers.numbering import Kind, paper_number
from incidents.papers.paper import Paper

ADDRESS = "https://grid.example.cn/disputes/0b7a3c1e-5f2c-4f0e-98a1-4c7c9a520c8e"
AT = datetime(2026, 3, 9, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CASE = CaseFacts(
    case_number="HZ2026-000123",
    subject="相邻污染",
    title="楼上漏水损坏天花板和家具",
    description="2026年3月初,楼上卫生间防水层老化,厨房天花板渗水,木地板起鼓。\n双方对赔偿数额有争议。",
    place="海珠区晓港东路12号",
    occurred_on=date(2026, 3, 2),
    parties=(PartyFacts("陈秀英", "13800000001", "申请人"), PartyFacts("梁志强", "13800000002", "被申请人")),
    body="海珠区凤阳街道五凤社区人民调解委员会",
    mediators=("林建国",),
)
AGREED = AgreementFacts(
    reached_on=date(2026, 3, 9),
    effective_on=date(2026, 3, 9),
    oral=False,
    facts="",
    terms="一、梁志强于2026年3月31日前重做卫生间防水,费用自行承担。\n"
    "二、梁志强赔偿陈秀英损失人民币12,000元,分三期支付。\n三、双方不再就此事互相追究。",
    instalments=tuple(
        InstalmentFacts(f"第{n}期赔偿款,银行转账", Decimal(4000), date(2026, 3 + n, 15)) for n in (1, 2, 3)
    ),
    paper="海民调协〔2026〕000123号-03",
)
HELD = RecordFacts(
    held_at=datetime(2026, 3, 5, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai")),
    place="五凤社区人民调解室",
    attendees=("陈秀英(申请人)", "梁志强(被申请人)", "黄敏(社区律师)"),
    summary="调解员说明了来意和调解的原则。\n申请人:要求维修并赔偿。\n被申请人:同意维修,对数额有意见。",
    recorder="林建国",
)
VISIT = VisitFacts(
    date(2026, 4, 20), "上门", "部分履行", "防水已重做;第一期赔偿款已付,第二期约定5月15日付。", "林建国"
)


def number_of(kind: Kind, sequence: int = 1) -> str:
    return paper_number(district="海珠区", case_number=CASE.case_number, kind=kind, sequence=sequence)


def all_forms(case: CaseFacts = CASE) -> dict[Kind, tuple[Block, ...]]:
    """One paper of each kind."""
    return {
        Kind.APPLICATION: forms.application(number_of(Kind.APPLICATION), case),
        Kind.ACCEPTANCE: forms.acceptance(number_of(Kind.ACCEPTANCE), case, date(2026, 3, 3)),
        Kind.RECORD: forms.record(number_of(Kind.RECORD), case, HELD),
        Kind.AGREEMENT: forms.agreement(number_of(Kind.AGREEMENT), case, AGREED),
        Kind.CONFIRMATION: forms.confirmation(
            number_of(Kind.CONFIRMATION), case, AGREED, "广州市海珠区人民法院"
        ),
        Kind.FOLLOW_UP: forms.follow_up(number_of(Kind.FOLLOW_UP), case, AGREED, VISIT),
    }


def paper_of(blocks: tuple[Block, ...], kind: Kind = Kind.AGREEMENT) -> Paper:
    return Paper(number_of(kind), CASE.case_number, ADDRESS, AT, blocks)
