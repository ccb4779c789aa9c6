"""Answering for the work: what can go wrong."""

from incidents.errors.roots import IncidentsError


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
