"""The forms of the papers: one function for each kind, from plain facts to blocks. Pure.

They follow the forms in use for people's mediation: parties, main facts and what is disputed, terms, manner
and time of performance, signatures, seal (People's Mediation Law, arts. 17 to 33). Identity numbers and
ethnicity are not collected: where a form customarily asks for a number there is room to write by hand.
"""

from incidents.papers.blocks import (
    Block,
    Clauses,
    Fields,
    Heading,
    Lines,
    Note,
    Number,
    Paragraph,
    Signatures,
    Table,
    Title,
)
from incidents.papers.facts import AgreementFacts, CaseFacts, PartyFacts, RecordFacts, VisitFacts
from incidents.papers.wording import clauses_of, day, figures, in_words, minute, paragraphs_of, typeset

SIGNED = "（签名、盖章或按指印）"
UNNAMED = "________________"
STEMS = "甲乙丙丁戊己庚辛壬癸"

Paper = tuple[Block, ...]


def application(number: str, case: CaseFacts) -> Paper:
    """申请书: what the applicants ask the committee to mediate."""
    asking = [party for party in case.parties if not party.answers]
    answering = [party for party in case.parties if party.answers]
    if not answering:
        asking, answering = asking[:1], asking[1:]
    return (
        *_head(f"{_people(case)}调解申请书", number),
        Fields(
            (
                *(row for party in asking for row in _person("申请人", party)),
                *(row for party in answering or [PartyFacts("")] for row in _person("被申请人", party)),
            )
        ),
        Heading("纠纷简要情况："),
        *_text(case.description or case.title),
        Paragraph(f"发生时间：{day(case.occurred_on)}。发生地点：{case.place or UNNAMED}。"),
        Heading("申请事项："),
        Lines(2),
        Paragraph(f"{_body(case)}已将申请{_people(case)}调解的相关规定告知我，现自愿申请调解。"),
        Signatures(tuple(f"申请人　{party.name}\n{SIGNED}：" for party in asking)),
    )


def acceptance(number: str, case: CaseFacts, accepted_on) -> Paper:
    """受理通知书: the committee takes the case and says what the parties may and must do."""
    names = "、".join(party.name for party in case.parties) or UNNAMED
    mediators = "、".join(case.mediators)
    who = f"本纠纷由{mediators}担任调解员。" if mediators else "调解员由本组织指定，也可以由当事人选择。"
    clauses = [
        f"{who}当事人可以选择或者接受调解员；认为调解员与本纠纷有利害关系的，可以要求更换。",
        "当事人有权接受调解、拒绝调解或者要求终止调解；有权要求调解公开进行或者不公开进行；"
        "自主表达意愿、自愿达成调解协议。",
        "当事人应当如实陈述纠纷事实，遵守调解现场秩序，尊重调解员，尊重对方当事人行使权利。",
        "调解一般自开始调解之日起一个月内调结；当事人同意延长的，可以继续调解。",
        "请携带身份证明和与纠纷有关的材料参加调解；委托他人参加的，提交授权委托书。",
        "调解不成的，当事人可以依法通过仲裁、行政、司法等途径维护自己的权利。",
    ]
    if case.people:
        clauses.insert(4, "人民调解不收取任何费用。")
    return (
        *_head(f"{_people(case)}调解受理通知书", number),
        Paragraph(f"{names}：", flush=True),
        Paragraph(
            f"关于{typeset(case.title)}（{case.subject}纠纷，案号：{case.case_number}），经审查，符合受理条件，"
            f"本组织已于{day(accepted_on)}决定受理。现将有关事项通知如下："
        ),
        Clauses(tuple(clauses)),
        Paragraph("特此通知。"),
        Signatures((), seal=_body(case), date=day(accepted_on)),
    )


def record(number: str, case: CaseFacts, held: RecordFacts) -> Paper:
    """调解笔录: what was said at one mediation."""
    return (
        *_head(f"{_people(case)}调解笔录", number),
        Fields(
            (
                (("时间", minute(held.held_at)), ("地点", held.place)),
                (("调解组织", case.body),),
                (("当事人", "、".join(_named(party) for party in case.parties)),),
                (("参加人员", "\n".join(typeset(each) for each in held.attendees)),),
                (("事由", f"{typeset(case.title)}（{case.subject}，案号：{case.case_number}）"),),
            )
        ),
        Paragraph("调解员已将调解的相关规定和当事人的权利、义务告知各方当事人。"),
        Heading("调解记录："),
        *_text(held.summary),
        Paragraph("调解结果：　□调解成功　　□调解不成　　□有待继续调解"),
        Paragraph("以上笔录已交当事人阅读（或者向当事人宣读），确认无误。"),
        Signatures(
            (
                *(f"当事人　{party.name}\n{SIGNED}：" for party in case.parties),
                "参加人员（签名）：",
                f"{_people(case)}调解员（签名）：",
                f"记录人　{held.recorder}（签名）：",
            ),
            date=day(held.held_at),
        ),
    )


def agreement(number: str, case: CaseFacts, agreed: AgreementFacts) -> Paper:
    """协议书; for an agreement by word of mouth its register (口头协议登记表), not signed by the parties."""
    mediator, body = f"{_people(case)}调解员（签名）：", _body(case)
    kept_by = "人民调解委员会" if case.people else "调解组织"
    if agreed.oral:
        title, people = f"{_people(case)}调解口头协议登记表", (mediator, "记录人（签名）：")
        ending = (Paragraph(f"本协议为口头协议，经各方当事人确认，自{day(agreed.effective_on)}起生效。"),)
    else:
        title = f"{_people(case)}调解协议书"
        people = (
            *(f"{_side(n)}　{party.name}\n{SIGNED}：" for n, party in enumerate(case.parties)),
            mediator,
            "记录人（签名）：",
        )
        ending = (
            Paragraph(
                f"本协议自各方当事人签名、盖章或者按指印，调解员签名并加盖{kept_by}印章之日起生效。"
                f"本协议一式　　份，当事人各执一份，{kept_by}留存一份。"
            ),
        )
    return (
        *_head(title, number),
        Heading("当事人基本情况："),
        Fields(tuple(row for n, party in enumerate(case.parties) for row in _person(_side(n), party))),
        Heading("纠纷主要事实、争议事项："),
        *_text(agreed.facts or case.description or case.title),
        Heading("经调解，当事人自愿达成如下协议："),
        Clauses(clauses_of(agreed.terms)),
        Heading("履行方式、地点、期限："),
        *_performance(agreed),
        *ending,
        Signatures(people, seal=body, date=day(agreed.reached_on)),
    )


def confirmation(number: str, case: CaseFacts, agreed: AgreementFacts, court: str) -> Paper:
    """司法确认申请书: both sides together ask the court to confirm their agreement."""
    names = "与".join(party.name for party in case.parties)
    reached, paper = day(agreed.reached_on), f"（{agreed.paper}）" if agreed.paper else ""
    title = f"《{_people(case)}调解协议书》{paper}"
    laws = "《中华人民共和国民事诉讼法》"
    if case.people:
        laws = f"《中华人民共和国人民调解法》第三十三条、{laws}"
    copies = f"{_people(case)}调解协议书{agreed.paper and f'（{agreed.paper}）'}　　份"
    return (
        *_head("司法确认申请书", number),
        Fields(tuple(row for party in case.parties for row in _person("申请人", party))),
        Heading("请求事项："),
        Paragraph(f"请求确认申请人{names}于{reached}达成的{title}有效。"),
        Heading("事实和理由："),
        Paragraph(f"申请人因{typeset(case.title)}（{case.subject}纠纷）申请调解。{reached}，"
                  f"经{_body(case)}主持调解，自愿达成如下调解协议："),
        Clauses(clauses_of(agreed.terms)),
        Paragraph(
            f"上述协议自{day(agreed.effective_on)}起生效。申请人出于解决纠纷的目的自愿达成协议，没有恶意串通、"
            "规避法律的行为；如果因为该协议内容给国家、集体或者他人造成损害的，"
            f"愿意承担相应的民事责任和其他法律责任。现根据{laws}的有关规定，共同申请司法确认。"
        ),
        Paragraph("此致"),
        Paragraph(court or f"{UNNAMED}人民法院", flush=True),
        Paragraph(f"附：1．{copies}；"),
        Paragraph("　　2．申请人身份证明；"),
        Paragraph("　　3．与协议有关的其他材料。"),
        Signatures(tuple(f"申请人　{party.name}\n{SIGNED}：" for party in case.parties)),
    )  # fmt: skip


def follow_up(number: str, case: CaseFacts, agreed: AgreementFacts | None, visit: VisitFacts) -> Paper:
    """回访记录: whether the agreement is kept."""
    reached = f"{day(agreed.reached_on)}达成　{agreed.paper}".strip() if agreed else ""
    return (
        *_head(f"{_people(case)}调解回访记录", number),
        Fields(
            (
                (("当事人", "、".join(_named(party) for party in case.parties)),),
                (("调解协议", reached),),
                (("回访事由", f"了解{typeset(case.title)}（案号：{case.case_number}）调解协议的履行情况"),),
                (("回访时间", day(visit.visited_on)), ("回访方式", visit.method)),
                (("履行情况", visit.result), ("回访人", visit.visitor)),
            )
        ),
        Heading("回访情况："),
        *(_text(visit.note) if visit.note else (Lines(4),)),
        Heading("当事人意见："),
        Lines(3),
        Signatures(
            ("被回访人（签名）：", f"回访人　{visit.visitor}（签名）："),
            seal=_body(case),
            date=day(visit.visited_on),
        ),
    )


def _head(title: str, number: str) -> Paper:
    return Title(title), Number(f"编号：{number}")


def _people(case: CaseFacts) -> str:
    return "人民" if case.people else ""


def _body(case: CaseFacts) -> str:
    return case.body or (f"{UNNAMED}人民调解委员会" if case.people else UNNAMED)


def _side(position: int) -> str:
    return f"{STEMS[position]}方" if position < len(STEMS) else f"当事人{position + 1}"


def _named(party: PartyFacts) -> str:
    return f"{party.name}（{party.role}）" if party.role else party.name


def _person(label: str, party: PartyFacts) -> tuple[tuple[tuple[str, str], ...], ...]:
    """One party. What is not collected is left to be written by hand."""
    called = f"{label}\n（{party.role}）" if party.role and not party.role.endswith(label) else label
    return (
        ((called, party.name), ("性别", ""), ("年龄", "")),
        (("联系电话", party.phone), ("身份证号", "")),
        (("住址", ""),),
    )


def _text(text: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(each) for each in paragraphs_of(text))


def _performance(agreed: AgreementFacts) -> Paper:
    """Instalments as a table with the sum in words; without any, room to write."""
    if not agreed.instalments:
        return (Lines(2),)
    rows = tuple(
        (
            str(n),
            typeset(each.what),
            figures(each.amount) if each.amount is not None else "—",
            day(each.due_on),
        )
        for n, each in enumerate(agreed.instalments, start=1)
    )
    amounts = [each.amount for each in agreed.instalments if each.amount is not None]
    total = sum(amounts)
    words = (Note(f"金额合计：人民币{in_words(total)}（{figures(total)}元）。"),) if amounts else ()
    return (Table(("期次", "履行内容、方式、地点", "金额（元）", "履行期限"), rows, figures=(2,)), *words)
