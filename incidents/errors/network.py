"""The mediation network: what can go wrong."""

from incidents.errors.roots import FieldsInvalid, IncidentsError


class NetworkNotYours(IncidentsError):
    code = "network_not_yours"
    zh = "调解网络供办案人员、规划人员和管理员查看:请联系管理员安排值守。"
    en = "The mediation network is for those who work on cases, plan or administer: ask for a duty."


class NetworkEditNotYours(IncidentsError):
    code = "network_edit_not_yours"
    zh = "只有区中心和所属街道的中心可以修改这里的调解组织和调解员:请联系他们。"
    en = "Only the district's centre and the street's own may change these bodies and mediators: ask them."


class BodyNotFound(IncidentsError):
    code = "body_not_found"
    zh = "没有这个调解组织。"
    en = "There is no such mediation body."


class MediatorNotFound(IncidentsError):
    code = "mediator_not_found"
    zh = "没有这位调解员。"
    en = "There is no such mediator."


class NetworkInvalid(FieldsInvalid):
    """Something in the form of a body, a mediator or a training is wrong."""

    code = "network_invalid"


class NetworkNotImported(IncidentsError):
    """Nothing was imported. `report` is the whole report, row by row."""

    code = "network_not_imported"
    zh = "没有导入任何内容:有 {count} 行有误,第一个:{first_zh}"
    en = "Nothing was imported: {count} rows are wrong, the first: {first_en}"

    def __init__(self, *, report, **facts):
        self.report = report
        super().__init__(**facts)


class NetworkImportExpired(IncidentsError):
    code = "network_import_expired"
    zh = "预览已过期,没有导入任何内容:请重新选择文件。"
    en = "The preview has expired and nothing was imported: choose the file again."


class NetworkKindUnknown(IncidentsError):
    code = "network_kind_unknown"
    zh = "请说明表格的内容:调解组织(bodies)、调解员(mediators)或培训记录(trainings)。"
    en = "Say what the table lists: bodies, mediators or trainings."
