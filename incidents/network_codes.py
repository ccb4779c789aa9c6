"""Code tables of the mediation network. Pure.

Kinds and special channels as the district describes its "2+4+N" network; the finer types follow the
published structure of the national table as seen in secondary sources.
"""

KINDS = {
    "people": ("人民调解", "People's mediation"),
    "administrative": ("行政调解", "Administrative mediation"),
    "judicial": ("司法调解", "Judicial mediation"),
    "industry": ("行业性、专业性调解", "Industry and professional mediation"),
}

BODY_TYPES = {
    "1": ("法院特邀调解", "Mediation by court invitation"),
    "2": ("人民调解", "People's mediation"),
    "3": ("行业调解", "Industry mediation"),
    "4": ("商事调解", "Commercial mediation"),
    "5": ("律师调解", "Lawyers' mediation"),
    "6": ("行政调解", "Administrative mediation"),
    "7": ("其他", "Other"),
}

FORMS = {
    "centre": ("调解中心", "Mediation centre"),
    "committee": ("人民调解委员会", "People's mediation committee"),
    "industry_body": ("行业性专业性调解组织", "Industry or professional body"),
    "post": ("调解室(站、点)", "Mediation post"),
    "desk": ("部门窗口", "Department desk"),
    "judicial_office": ("司法所", "Judicial office"),
    "police_station": ("派出所", "Police station"),
    "law_firm": ("律师事务所", "Law firm"),
    "notary_office": ("公证处", "Notary office"),
}

# The three main forces of a joint mediation ("3+X").
FORCES = ("judicial_office", "police_station", "law_firm")

CHANNELS = {
    "collective_assets": ("三资交易", "Collective funds, assets and resources"),
    "medical": ("医疗纠纷", "Medical disputes"),
    "ethnic_minority": ("少数民族纠纷", "Ethnic-minority disputes"),
    "apartment": ("公寓纠纷", "Apartment disputes"),
    "tax": ("涉税联调", "Tax joint mediation"),
    "commercial": ("商事调解", "Commercial mediation"),
}

BACKGROUNDS = {
    "lawyer": ("律师", "Lawyer"),
    "community_lawyer": ("社区律师(副主任)", "Community lawyer, deputy head"),
    "retired_judge": ("退休法官、检察官", "Retired judge or prosecutor"),
    "retired_police": ("退休民警", "Retired police officer"),
    "retired": ("其他退休人员", "Retired person"),
    "party_member_post": ("党员先锋岗", "Party-member post"),
    "property_manager": ("物业管理人员", "Property manager"),
    "industry_leader": ("行业带头人", "Industry leader"),
    "community_worker": ("社区工作者", "Community worker"),
    "civil_servant": ("部门工作人员", "Department staff"),
    "doctor": ("医务人员", "Medical staff"),
    "volunteer": ("志愿者", "Volunteer"),
    "other": ("其他", "Other"),
}

LANGUAGES = {
    "mandarin": ("普通话", "Mandarin"),
    "cantonese": ("粤语", "Cantonese"),
    "hakka": ("客家话", "Hakka"),
    "teochew": ("潮汕话", "Teochew"),
    "english": ("英语", "English"),
    "sign": ("手语", "Sign language"),
    "other": ("其他", "Other"),
}

# Referrals to and from partners; the codes are those of a dispute's source (incidents/codes.py).
REFERRAL_CHANNELS = {
    "petitions": ("访调对接", "Petition office"),
    "police": ("警调对接", "Police"),
    "traffic": ("交调对接", "Traffic police"),
    "court": ("诉调对接", "Court"),
    "legal_aid": ("援调对接", "Legal aid"),
    "arbitration": ("裁调对接", "Labour arbitration"),
}
