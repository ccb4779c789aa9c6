"""Code tables of disputes. Pure.

Follows the published structure of the national dispute code tables as seen in secondary sources;
no conformance to a standard's text is claimed.
"""

CATEGORY_GROUPS = {
    "01": ("婚恋家庭", "Marriage and family"),
    "02": ("邻里", "Neighbours"),
    "03": ("人格权", "Personality rights"),
    "04": ("物权", "Property rights"),
    "05": ("侵权", "Torts"),
    "06": ("合同", "Contracts"),
    "07": ("劳动人事", "Labour and personnel"),
    "08": ("金融借贷", "Finance and lending"),
    "09": ("土地资源", "Land and resources"),
    "10": ("其他民商事", "Other civil and commercial"),
    "11": ("城乡建设", "Urban and rural construction"),
    "12": ("涉民政", "Civil affairs"),
    "13": ("其他行政执法", "Other administrative enforcement"),
    "14": ("涉法涉诉", "Police, prosecution, courts"),
    "15": ("涉组织纪检", "Organisation and discipline"),
    "16": ("涉民族宗教", "Ethnic and religious affairs"),
    "99": ("其他", "Other"),
}

_OTHER = ("其他", "Other")

CATEGORIES = {
    "0101": ("恋爱婚姻", "Love and marriage"),
    "0102": ("抚养赡养监护", "Support and guardianship"),
    "0103": ("分家继承", "Division and inheritance"),
    "0201": ("用水排水通行通风采光", "Water, passage, air and light"),
    "0202": ("相邻土地建筑", "Adjoining land and buildings"),
    "0203": ("相邻污染", "Nuisance and pollution between neighbours"),
    "0301": ("姓名肖像", "Name and likeness"),
    "0302": ("名誉隐私", "Reputation and privacy"),
    "0303": ("身体健康人身自由", "Body, health and liberty"),
    "0401": ("财物返还赔偿", "Return of or damages for property"),
    "0402": ("物业管理", "Property management"),
    "0403": ("不动产登记", "Real-estate registration"),
    "0501": ("教育机构", "Educational institutions"),
    "0502": ("医疗", "Medical"),
    "0503": ("交通事故", "Traffic accidents"),
    "0504": ("环境污染", "Environmental pollution"),
    "0505": ("产品责任", "Product liability"),
    "0506": ("网络", "Internet"),
    "0507": ("劳务", "Injury in services"),
    "0601": ("消费服务", "Consumer services"),
    "0602": ("房产买卖租赁", "Sale and lease of homes"),
    "0603": ("交易贸易", "Trade"),
    "0604": ("运输仓储", "Transport and storage"),
    "0701": ("劳动合同与派遣", "Labour contracts and dispatch"),
    "0702": ("社会保险", "Social insurance"),
    "0703": ("福利待遇", "Pay and benefits"),
    "0704": ("人事", "Personnel"),
    "0801": ("证券基金期货", "Securities, funds and futures"),
    "0802": ("投资信托理财", "Investment and trusts"),
    "0803": ("保险", "Insurance"),
    "0804": ("借贷担保", "Loans and guarantees"),
    "0901": ("土地承包", "Land contracts"),
    "0902": ("宅基地", "Homesteads"),
    "0903": ("山林矿产", "Forests and minerals"),
    "0904": ("水域水利", "Waters"),
    "1001": ("知识产权", "Intellectual property"),
    "1002": ("公司企业", "Companies"),
    "1003": ("海事海商", "Maritime"),
    "1004": ("竞争", "Competition"),
    "1005": ("票据信用证", "Bills and letters of credit"),
    "1006": ("不当得利", "Unjust enrichment"),
    "1101": ("国有土地房屋征收", "Expropriation on state land"),
    "1102": ("集体土地征用", "Requisition of collective land"),
    "1103": ("规划与拆违", "Planning and illegal structures"),
    "1104": ("市政市容", "Municipal works and streetscape"),
    "1105": ("移民安置", "Resettlement"),
    "1201": ("选举和管理", "Elections and self-government"),
    "1202": ("优抚救助", "Relief and benefits"),
    "1203": ("区划边界", "Boundaries of divisions"),
    "1301": ("城市管理", "Urban management"),
    "1302": ("教育文体", "Education, culture and sport"),
    "1303": ("工商税务", "Commerce and tax"),
    "1304": ("安全生产", "Work safety"),
    "1305": ("交通运输", "Transport"),
    "1306": ("海事渔事", "Maritime and fishery affairs"),
    "1307": ("计划生育", "Family planning"),
    "1401": ("公安", "Police"),
    "1402": ("检察院", "Procuratorate"),
    "1403": ("法院", "Courts"),
    "1404": ("司法行政", "Judicial administration"),
    "1501": ("组织人事", "Organisation and personnel"),
    "1502": ("干部作风", "Conduct of officials"),
    "1601": ("民族", "Ethnic"),
    "1602": ("宗教", "Religious"),
    # Every group but 14 and 16 has an "other"; 99 is itself one.
    **{f"{group}99": _OTHER for group in CATEGORY_GROUPS if group not in {"14", "16"}},
}

SCALES = {
    "01": ("个体性", "Individual"),
    "02": ("一般群体性", "Group"),
    "03": ("重大群体性", "Major group"),
}

SOURCES = {
    "patrol": ("网格员巡查", "Grid worker's patrol"),
    "resident": ("群众上报", "Reported by a resident"),
    "sensor": ("物联网感知", "Sensor"),
    "superior": ("上级指示", "Instruction from above"),
    "petitions": ("访调对接", "Referred by the petition office"),
    "police": ("警调对接", "Referred by the police"),
    "traffic": ("交调对接", "Referred by the traffic police"),
    "court": ("诉调对接", "Referred by the court"),
    "legal_aid": ("援调对接", "Referred by legal aid"),
    "arbitration": ("裁调对接", "Referred by labour arbitration"),
}

# How whoever reported a case came by its position.
FOUND_BY = {
    "device": ("手机定位", "Position of the phone"),
    "hand": ("地图点选", "Chosen on the map"),
    "address": ("按地址", "By the address"),
}

RISKS = {
    "red": ("红色", "Red"),
    "orange": ("橙色", "Orange"),
    "yellow": ("黄色", "Yellow"),
    "blue": ("蓝色", "Blue"),
}


def category_label(code: str, language: str = "zh-hans") -> str:
    """Group and category in words: "物权 · 物业管理". `language` is a Django language code."""
    index = 1 if language.startswith("en") else 0
    group, category = CATEGORY_GROUPS[code[:2]][index], CATEGORIES[code][index]
    return group if code[:2] == "99" else f"{group} · {category}"
