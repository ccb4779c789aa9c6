"""Documents and files of a case: what can go wrong."""

from incidents.errors.handling import ActionNotYours
from incidents.errors.roots import IncidentsError


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


class PhotosComplete(IncidentsError):
    """No photo is awaited from this person, or all that were promised have come."""

    code = "photos_complete"
    zh = "这件案件没有等待您补传的照片,或已收齐:要再添加,请在案件的“材料”页上传。"
    en = "No photo of this case is awaited from you, or all have come: add more on the case's page of files."


class PhotoKeyReused(IncidentsError):
    code = "photo_key_reused"
    zh = "这个照片编号已用于案件 {case_number}:新的照片请换一个 UUID。"
    en = "This photo's key belongs to the case {case_number}: take a new UUID for a new photo."


class AttachmentsFull(IncidentsError):
    code = "attachments_full"
    zh = "每件案件最多 {limit} 份材料:请先移除不需要的。"
    en = "A case holds at most {limit} files: remove what is not needed first."
