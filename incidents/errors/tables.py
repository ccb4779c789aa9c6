"""Tables that people send or take away: what can go wrong."""

from incidents.errors.roots import FieldsInvalid, IncidentsError


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


class SheetColumnsMissing(SheetInvalid):
    code = "sheet_columns_missing"
    zh = "表格缺少列:{columns}。请补上列标题,或按导出的文件填写。"
    en = "Columns are missing: {columns}. Add them, or start from an exported file."


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
