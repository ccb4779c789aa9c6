"""What can go wrong with a dispute. Each error states its fact in Chinese and English and says what to do."""

from collections.abc import Mapping, Sequence

from grids.errors import DomainError


class IncidentsError(DomainError):
    """Root of this room's errors."""

    code = "incidents_error"


class FieldsInvalid(IncidentsError):
    """Something that was sent is wrong. `errors` says where: {field: [{"message", "code"}]}.

    Messages must not repeat what was sent: it may be about a person.
    """

    code = "fields_invalid"
    zh = "内容有误,请改正:{fields}。"
    en = "Not valid, please correct: {fields}."

    def __init__(self, errors: Mapping[str, Sequence[Mapping[str, str]]], **facts):
        super().__init__(errors=errors, fields=", ".join(errors), **facts)


# Reporting ------------------------------------------------------------------------------------
class ReportNotAllowed(IncidentsError):
    code = "report_not_allowed"
    zh = "只有正在值守的网格员、社区调解员、街道中心和区中心可以上报:请联系管理员安排值守。"
    en = "Only grid workers, mediators and centres on duty may report: ask an administrator for a duty."


class ReportKeyInvalid(IncidentsError):
    code = "report_key_invalid"
    zh = "请在 Idempotency-Key 请求头中给出一个 UUID(8-4-4-4-12 位十六进制),重发同一上报时用同一个。"
    en = "Give a UUID (8-4-4-4-12 digits) in the Idempotency-Key header, the same to send a report again."


class ReportKeyReused(IncidentsError):
    code = "report_key_reused"
    zh = "这个 Idempotency-Key 已用于另一内容的上报 {case_number}:新的上报请换一个 UUID。"
    en = "This Idempotency-Key belongs to another report, {case_number}: take a new UUID for a new report."


class ReportInvalid(FieldsInvalid):
    code = "report_invalid"


class GridUnitNotCandidate(IncidentsError):
    code = "grid_unit_not_candidate"
    zh = "网格 {grid_unit} 不在该位置的候选之中:请在 candidates 中选择,或移动位置。"
    en = "Grid unit {grid_unit} is no candidate for this place: choose one of `candidates` or move the place."


class AddressUnitUnknown(IncidentsError):
    code = "address_unit_unknown"
    zh = "没有代码为 {address_unit} 的现行网格:请核对地址所在网格。"
    en = "No grid unit in force has the code {address_unit}: check the unit of the address."


# Handling -------------------------------------------------------------------------------------
class DisputeNotFound(IncidentsError):
    """There is none, or this user may not see it: the answer is the same for both."""

    code = "dispute_not_found"
    zh = "没有这件纠纷,或不在您的职责范围内。"
    en = "There is no such dispute, or it is not in your area."


class ActionUnknown(IncidentsError):
    code = "action_unknown"
    zh = "没有名为 {action} 的操作:请从 known_actions 中选择。"
    en = "There is no action {action}: choose one of `known_actions`."


class ActionNotYours(IncidentsError):
    """`responsible_area`, `area_name` and `level` say who may act now."""

    code = "action_not_yours"
    zh = "这件纠纷现由{area_name}负责,只有在那里值守的人可以办理。"
    en = "This dispute is now with {area_name}; only those on duty there may act on it."


class PartiesNotYours(ActionNotYours):
    code = "parties_not_yours"
    zh = "当事人信息只对现在负责的{area_name}值守人员开放。"
    en = "The parties are shown only to those on duty at {area_name}, which is responsible now."


class TransitionNotAllowed(IncidentsError):
    """The state or level forbids the action.

    `allowed_actions` are those possible now, `changes` the events that the user may not know of.
    """

    code = "transition_not_allowed"
    zh = "这件纠纷现在不能做这个操作({action}),现在可以:{allowed}。"
    en = "The dispute does not permit {action} now. Possible now: {allowed}."

    def __init__(self, *, allowed_actions: Sequence[str], **facts):
        allowed = ", ".join(allowed_actions) or "-"
        super().__init__(allowed_actions=list(allowed_actions), allowed=allowed, **facts)


class DisputeChanged(IncidentsError):
    """Someone acted since the version that was looked at.

    `changes` are the events since, `allowed_actions` what is possible now, `version` the present one.
    """

    code = "dispute_changed"
    zh = "您查看之后,这件纠纷已有变化(见 changes):请核对后再操作。"
    en = "The dispute changed after you looked at it (see `changes`): check it and act again."


class ActionIncomplete(FieldsInvalid):
    """Something that the action needs was not given."""

    code = "action_incomplete"
    zh = "这个操作还需要:{fields}。"
    en = "This action also needs: {fields}."


class AssigneeNotAssignable(FieldsInvalid):
    code = "assignee_not_assignable"
    zh = "只能分派给在{area_name}值守的人员。"
    en = "A dispute can be assigned only to someone on duty at {area_name}."


class HandBacksExhausted(IncidentsError):
    code = "hand_backs_exhausted"
    zh = "这件纠纷已退回过 {times} 次,按办理规则不能再退回:请在本级办理。"
    en = "This dispute was handed back {times} times already; the policy allows no more: handle it here."


class ConfirmationTooLate(IncidentsError):
    code = "confirmation_too_late"
    zh = "申请司法确认应在协议生效起 {days} 日内,已于 {until} 届满:可另行起诉或重新调解。"
    en = "Confirmation must be asked for within {days} days, until {until}: sue, or mediate anew."


class MeasureUnknown(IncidentsError):
    code = "measure_unknown"
    zh = "没有名为 {measure} 的措施:请从 known_measures 中选择。"
    en = "There is no measure {measure}: choose one of `known_measures`."


class MeasureNotYours(ActionNotYours):
    """`responsible_area`, `area_name` and `level` say who answers for the dispute now."""

    code = "measure_not_yours"
    zh = "您不能对这件纠纷采取这个措施(现由{area_name}负责):请联系有权限的值守人员。"
    en = "This measure is not yours to take (the dispute is with {area_name}): ask someone on duty who may."


class MeasureNotAllowed(IncidentsError):
    """The state forbids the measure. `allowed_measures` are those possible now."""

    code = "measure_not_allowed"
    zh = "这件纠纷现在不能采取这个措施({measure})。"
    en = "The dispute does not permit {measure} now."


# Tables that people send -------------------------------------------------------------------------
class SheetInvalid(IncidentsError):
    """Root of what makes a whole table unreadable. What is wrong with one row is a `RowProblem`."""

    code = "sheet_invalid"
    zh = "表格无法读取:请另存为 .xlsx 或 UTF-8 编码的 .csv 后再试。"
    en = "The table cannot be read: save it as .xlsx or as .csv in UTF-8 and try again."


class SheetTypeUnknown(SheetInvalid):
    code = "sheet_type_unknown"
    zh = "只接受 Excel 工作簿(.xlsx)和 CSV(.csv):请另存为其中一种,文件内容与扩展名要一致。"
    en = "Only Excel workbooks (.xlsx) and CSV (.csv) are read: save as one of them, named for what it is."


class SheetOldExcel(SheetInvalid):
    code = "sheet_old_excel"
    zh = "这是旧版 Excel(.xls)文件:请在 Excel 中另存为 .xlsx。"
    en = "This is a file of an old Excel (.xls): save it as .xlsx in Excel."


class SheetEncrypted(SheetInvalid):
    code = "sheet_encrypted"
    zh = "工作簿设有密码:请去掉密码后再上传。"
    en = "The workbook has a password: take it off, then send it again."


class SheetHasMacros(SheetInvalid):
    code = "sheet_has_macros"
    zh = "工作簿带有宏,不予接收:请另存为不带宏的 .xlsx。"
    en = "The workbook has macros and is not taken: save it as .xlsx without macros."


class SheetDamaged(SheetInvalid):
    code = "sheet_damaged"
    zh = "文件已损坏或不完整:请重新导出或另存后再试。"
    en = "The file is damaged or incomplete: export or save it anew."


class SheetTooLarge(SheetInvalid):
    code = "sheet_too_large"
    zh = "表格过大({what_zh}不得超过 {limit}):请分成几个文件。"
    en = "The table is too large (no more than {limit} {what_en}): divide it into several files."


class SheetEncodingUnknown(SheetInvalid):
    code = "sheet_encoding_unknown"
    zh = "文字编码无法识别:请把 CSV 另存为 UTF-8 编码(GB18030 也可以)。"
    en = "The encoding is not known: save the CSV in UTF-8 (or GB18030)."


class SheetCharacterInvalid(SheetInvalid):
    code = "sheet_character_invalid"
    zh = "第 {row} 行含有不可见的控制字符:请删除后再试。"
    en = "Row {row} holds invisible control characters: delete them."


class SheetWithoutHeadings(SheetInvalid):
    code = "sheet_without_headings"
    zh = "表格是空的:第一行应为列标题,其下每行一条。"
    en = "The table is empty: the first row should be headings, with one entry to a row below."


class SheetHeadingTwice(SheetInvalid):
    code = "sheet_heading_twice"
    zh = "列标题“{heading}”出现了两次:请删去一列或改名。"
    en = "The heading {heading} occurs twice: delete or rename one of the columns."


class SheetValueOutside(SheetInvalid):
    code = "sheet_value_outside"
    zh = "第 {row} 行 {column} 列有内容而没有列标题:请补上标题或删去内容(CSV 中含逗号的文字要加引号)。"
    en = "Row {row} has a value in column {column}, which has no heading: name it or delete the value."


class SheetFormulaEmpty(SheetInvalid):
    code = "sheet_formula_empty"
    zh = "第 {row} 行 {column} 列是没有计算结果或出错的公式:请改为值(选择性粘贴)后再试。"
    en = "Row {row}, column {column} is a formula without a result or with an error: paste it as a value."


class SheetMissing(SheetInvalid):
    code = "sheet_missing"
    zh = "工作簿中没有名为“{title}”的工作表。"
    en = "The workbook has no sheet {title}."


class ExtensionUsed(IncidentsError):
    code = "extension_used"
    zh = "本级已延期 {days} 个工作日,每一级只能延期一次:请按期办理,或上报上一级。"
    en = "This level already has an extension of {days} working days, and only one: resolve it, or escalate."


class ExtensionPending(IncidentsError):
    code = "extension_pending"
    zh = "已申请延期 {days} 个工作日,还没有答复:请等待上级决定。"
    en = "An extension of {days} working days is already asked for: wait for the answer."


class ExtensionNotAsked(IncidentsError):
    code = "extension_not_asked"
    zh = "没有等待答复的延期申请:请刷新后核对。"
    en = "No extension is asked for: reload and check."


class ExtensionIsYours(IncidentsError):
    code = "extension_is_yours"
    zh = "自己申请的延期要由别人决定:请联系上级或同级的其他值守人员。"
    en = "You asked for this extension, so another must decide: ask someone above, or a colleague on duty."


class SupervisedAlready(IncidentsError):
    code = "supervised_already"
    zh = "这件纠纷已在督办,不必再次督办:可以催办,或先结束督办。"
    en = "This dispute is already supervised: urge it, or end the supervision first."


class NotSupervised(IncidentsError):
    code = "not_supervised"
    zh = "这件纠纷没有在督办:请刷新后核对。"
    en = "This dispute is not supervised: reload and check."


class UrgedToday(IncidentsError):
    code = "urged_today"
    zh = "您今天已催办过这件纠纷:请明天再催,或改为督办。"
    en = "You already urged this dispute today: urge it tomorrow, or supervise it."


# The policy -----------------------------------------------------------------------------------
class PolicyNotYours(IncidentsError):
    code = "policy_not_yours"
    zh = "办理规则和工作日历只由值守的区中心修改:请联系区中心。"
    en = "Only the district centre on duty edits the policy and the calendar: ask it."


class PolicyInForce(IncidentsError):
    code = "policy_in_force"
    zh = "{valid_from} 起的办理规则已经生效,不能删除:请另定一版,从以后的日子起生效。"
    en = "The policy of {valid_from} is in force and stays: write another one for a later day."


class PolicyUnknown(IncidentsError):
    code = "policy_unknown"
    zh = "没有从 {valid_from} 起生效的办理规则:请从列表中选择。"
    en = "No policy begins on {valid_from}: choose one of the list."


# The legal loop ---------------------------------------------------------------------------------
class AgreementMissing(IncidentsError):
    code = "agreement_missing"
    zh = "这件纠纷没有登记有效的调解协议:请先登记协议内容。"
    en = "No agreement in force is recorded for this dispute: record its terms first."


class AgreementNotWritten(IncidentsError):
    code = "agreement_not_written"
    zh = "只有书面协议可以申请司法确认:请先由双方签订书面协议。"
    en = "Only a written agreement can be confirmed by the court: have the parties sign one first."


class ConfirmationNotRecorded(IncidentsError):
    code = "confirmation_not_recorded"
    zh = "申请司法确认要写明法院和申请日期:请在“调解与协议”页登记,接口用 …/confirmations。"
    en = "Record the application, with court and day, on the mediation tab or by …/confirmations."


class AgreementConfirmed(IncidentsError):
    code = "agreement_confirmed"
    zh = "法院已确认这份协议,不必再申请:一方不履行的,可以申请强制执行。"
    en = "The court confirmed this agreement already: if it is not kept, ask for its enforcement."


class PartyCodeUnknown(IncidentsError):
    """Wrong or revoked: the answer is the same for both."""

    code = "party_code_unknown"
    zh = "查询码不正确或已停用:请核对后再输入,或向办理单位索取新的查询码。"
    en = "The code is wrong or no longer in use: check it, or ask the office for another."


class TooManyCodes(IncidentsError):
    code = "too_many_codes"
    zh = "输入次数过多,请一分钟后再试。"
    en = "Too many tries: wait a minute and try again."


class RatingTooEarly(IncidentsError):
    code = "rating_too_early"
    zh = "办结之后才能评价。"
    en = "A case can be rated once it has ended."


class RatedAlready(IncidentsError):
    code = "rated_already"
    zh = "这个查询码已评价过,每个查询码评价一次。"
    en = "This code has rated already; each code rates once."


# Routing --------------------------------------------------------------------------------------
class ReferralPending(IncidentsError):
    """`organisation` is the partner, `answer_by` until when it may answer."""

    code = "referral_pending"
    zh = "与{organisation}的转办尚待答复:请先登记答复。"
    en = "The referral with {organisation} waits for an answer: write that down first."


class ReferralNotPending(IncidentsError):
    code = "referral_not_pending"
    zh = "这件转办已有答复,或没有这件转办:请刷新页面查看。"
    en = "There is no such referral, or it is answered: look at the case again."


class GuidanceNotOpen(IncidentsError):
    code = "guidance_not_open"
    zh = "这个请示已有答复,或没有这个请示:请刷新页面查看。"
    en = "There is no such question, or it is answered: look at the case again."


# Papers and files -----------------------------------------------------------------------------
class DocumentsNotYours(ActionNotYours):
    code = "documents_not_yours"
    zh = "文书写有当事人信息,只对现在负责的{area_name}值守人员开放。"
    en = "Papers name the parties: they are open only to those on duty at {area_name}, responsible now."


class DocumentNotFound(IncidentsError):
    code = "document_not_found"
    zh = "这件案件没有这份文书:请从文书列表中打开。"
    en = "The case has no such paper: open it from the list of papers."


class DocumentNotReady(IncidentsError):
    """`missing` says what the paper is made of and the case does not have yet."""

    code = "document_not_ready"
    zh = "{name}还不能制作:{missing}"
    en = "{name_en} cannot be made yet: {missing_en}"


class AttachmentNotFound(IncidentsError):
    code = "attachment_not_found"
    zh = "这件案件没有这份材料,或已移除:请从材料列表中打开。"
    en = "The case has no such file, or it was removed: open it from the list of files."


class AttachmentTooLarge(IncidentsError):
    code = "attachment_too_large"
    zh = "文件超过 {limit_mb} MB:请压缩或拆分后再上传。"
    en = "The file is over {limit_mb} MB: compress or split it and send it again."


class AttachmentTypeRefused(IncidentsError):
    code = "attachment_type_refused"
    zh = "只接收 JPEG、PNG、WebP、GIF 图片和 PDF(按内容识别,不看文件名)。"
    en = "Only JPEG, PNG, WebP and GIF pictures and PDF are taken (by what is in them, not by name)."


class AttachmentHeic(AttachmentTypeRefused):
    code = "attachment_heic"
    zh = "这是 HEIC 格式的照片,不能接收:请在手机相机设置中选择“兼容性最佳”(JPEG),或转换后再上传。"
    en = "This photo is HEIC, which is not taken: set the camera to “Most Compatible” (JPEG), or convert it."


class AttachmentDamaged(IncidentsError):
    code = "attachment_damaged"
    zh = "文件不完整或已损坏,读不出来:请重新导出后再上传。"
    en = "The file is incomplete or damaged and cannot be read: export it anew and send it again."


class AttachmentTooManyPixels(IncidentsError):
    code = "attachment_too_many_pixels"
    zh = "图片超过 {limit_megapixels} 百万像素:请缩小后再上传。"
    en = "The picture has over {limit_megapixels} megapixels: make it smaller and send it again."


class AttachmentsFull(IncidentsError):
    code = "attachments_full"
    zh = "每件案件最多 {limit} 份材料:请先移除不需要的。"
    en = "A case holds at most {limit} files: remove what is not needed first."


class SheetColumnsMissing(SheetInvalid):
    code = "sheet_columns_missing"
    zh = "表格缺少列:{columns}。请补上列标题,或按导出的文件填写。"
    en = "Columns are missing: {columns}. Add them, or start from an exported file."


# The mediation network -----------------------------------------------------------------------------
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


# Looking --------------------------------------------------------------------------------------
class FilterInvalid(FieldsInvalid):
    code = "filter_invalid"
    zh = "筛选条件有误:{fields}。"
    en = "These query parameters are not valid: {fields}."


# Answering for the work ------------------------------------------------------------------------
class ResultsNotYours(IncidentsError):
    code = "results_not_yours"
    zh = "工作统计和普法宣传对社区调解员、街道中心、区中心和规划人员开放:请联系管理员安排值守。"
    en = "Results and publicity are for mediators, centres and planners: ask an administrator for a duty."


class ResultsAreaOutside(IncidentsError):
    """There is none of that code, or it is not in this user's areas: the answer is the same for both."""

    code = "results_area_outside"
    zh = "没有代码为 {area} 的社区、街道或区,或不在您的职责范围内:请从列表中选择区域。"
    en = "There is no community, street or district {area} in your area: choose one from the list."


class AppraisalNotYours(IncidentsError):
    code = "appraisal_not_yours"
    zh = "考评对街道中心、区中心和被考评的调解员本人开放;考评项目由区中心设定。"
    en = "Appraisal is for the street and district centres and the mediator; the district sets the items."


class CampaignNotYours(IncidentsError):
    code = "campaign_not_yours"
    zh = "这场普法活动不在您的区域,或您的职责不登记活动:请联系当地的调解中心。"
    en = "This campaign is not in your area, or your duty records none: ask the centre of that area."


# Commands -------------------------------------------------------------------------------------
class TimeInvalid(IncidentsError):
    code = "time_invalid"
    zh = "时间 {text} 无效:请写成 2026-03-01T08:00+08:00。"
    en = "{text} is not a time: write it as 2026-03-01T08:00+08:00."


# Exchange -------------------------------------------------------------------------------------
class ImportNotAllowed(IncidentsError):
    code = "import_not_allowed"
    zh = "只有正在值守的社区调解员、街道中心和区中心可以导入纠纷:请联系管理员安排值守。"
    en = "Only mediators and centres on duty may import disputes: ask an administrator for a duty."


class ExportNotAllowed(IncidentsError):
    code = "export_not_allowed"
    zh = "只有办理案件的值守人员可以导出案件;规划人员请使用地图和统计。"
    en = "Only those on duty who work on cases may export them; planners use the map and the results."


class ExportNoLongerAllowed(IncidentsError):
    code = "export_no_longer_allowed"
    zh = "您已不再值守生成该文件时的全部区域,不能下载:请按现在的值守重新导出。"
    en = "You are no longer on duty in all areas that this file is about: have a new one made."


class ColumnsMissing(FieldsInvalid):
    code = "columns_missing"
    zh = "文件缺少这些列,请指定:{fields}。"
    en = "The file lacks these columns, say which they are: {fields}."


class FileJobNotFound(IncidentsError):
    code = "file_job_not_found"
    zh = "没有这个文件任务,或文件已过期清除。"
    en = "There is no such file, or it has expired."


# Notices --------------------------------------------------------------------------------------
class NoticeNotFound(IncidentsError):
    code = "notice_not_found"
    zh = "没有这条通知。"
    en = "There is no such notice."


class ChannelFailed(IncidentsError):
    """A notice was not taken by the way out `channel`; `reason` names no address."""

    code = "channel_failed"
    zh = "渠道 {channel} 没有接收({reason}):请检查地址,或请管理员检查网关。"
    en = "The channel {channel} did not take it ({reason}): check the address, or ask an administrator."


# Handing over ---------------------------------------------------------------------------------
class HandoverNotAllowed(IncidentsError):
    code = "handover_not_allowed"
    zh = "只有管理员、区中心和街道中心可以办理工作交接,且限于自己区域内的人员。"
    en = "Only administrators and the centres of district and street hand work over, within their area."


class HandoverInvalid(FieldsInvalid):
    code = "handover_invalid"
