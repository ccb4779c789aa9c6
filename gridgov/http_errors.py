"""The one place where an error becomes an HTTP status and a body.

The API answers problem documents (RFC 9457), pages answer a page. Both say in Chinese and English
what is wrong and what to do; neither says anything about a person.
"""

from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.views import exception_handler

from grids import errors as grids
from grids.errors import DomainError
from grids.language import in_page_language
from incidents import errors as incidents
from maps import errors as maps

STATUS: dict[type[DomainError], HTTPStatus] = {
    DomainError: HTTPStatus.UNPROCESSABLE_ENTITY,
    grids.AreaUnknown: HTTPStatus.NOT_FOUND,
    # The level is part of the address.
    grids.LevelUnknown: HTTPStatus.NOT_FOUND,
    grids.DateInvalid: HTTPStatus.BAD_REQUEST,
    incidents.DisputeNotFound: HTTPStatus.NOT_FOUND,
    incidents.ActionUnknown: HTTPStatus.NOT_FOUND,
    incidents.ActionNotYours: HTTPStatus.FORBIDDEN,
    incidents.ReportNotAllowed: HTTPStatus.FORBIDDEN,
    incidents.OtherWorker: HTTPStatus.FORBIDDEN,
    incidents.ImportNotAllowed: HTTPStatus.FORBIDDEN,
    incidents.ExportNotAllowed: HTTPStatus.FORBIDDEN,
    incidents.ExportNoLongerAllowed: HTTPStatus.FORBIDDEN,
    incidents.FileJobNotFound: HTTPStatus.NOT_FOUND,
    incidents.TransitionNotAllowed: HTTPStatus.CONFLICT,
    incidents.DisputeChanged: HTTPStatus.CONFLICT,
    incidents.MeasureUnknown: HTTPStatus.NOT_FOUND,
    incidents.MeasureNotAllowed: HTTPStatus.CONFLICT,
    incidents.HandBacksExhausted: HTTPStatus.CONFLICT,
    incidents.ExtensionUsed: HTTPStatus.CONFLICT,
    incidents.ExtensionPending: HTTPStatus.CONFLICT,
    incidents.ExtensionNotAsked: HTTPStatus.CONFLICT,
    incidents.ExtensionIsYours: HTTPStatus.FORBIDDEN,
    incidents.SupervisedAlready: HTTPStatus.CONFLICT,
    incidents.NotSupervised: HTTPStatus.CONFLICT,
    incidents.UrgedToday: HTTPStatus.CONFLICT,
    incidents.PolicyNotYours: HTTPStatus.FORBIDDEN,
    incidents.PolicyInForce: HTTPStatus.CONFLICT,
    incidents.PolicyUnknown: HTTPStatus.NOT_FOUND,
    incidents.ConfirmationTooLate: HTTPStatus.CONFLICT,
    incidents.AgreementMissing: HTTPStatus.CONFLICT,
    incidents.AgreementNotWritten: HTTPStatus.CONFLICT,
    incidents.AgreementConfirmed: HTTPStatus.CONFLICT,
    incidents.ConfirmationNotRecorded: HTTPStatus.CONFLICT,
    incidents.TooManyCodes: HTTPStatus.TOO_MANY_REQUESTS,
    incidents.RatingTooEarly: HTTPStatus.CONFLICT,
    incidents.RatedAlready: HTTPStatus.CONFLICT,
    incidents.ReferralPending: HTTPStatus.CONFLICT,
    incidents.ReferralNotPending: HTTPStatus.CONFLICT,
    incidents.GuidanceNotOpen: HTTPStatus.CONFLICT,
    incidents.DocumentNotFound: HTTPStatus.NOT_FOUND,
    incidents.DocumentNotReady: HTTPStatus.CONFLICT,
    incidents.AttachmentNotFound: HTTPStatus.NOT_FOUND,
    incidents.AttachmentTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    incidents.AttachmentTypeRefused: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    incidents.AttachmentsFull: HTTPStatus.CONFLICT,
    incidents.PhotosComplete: HTTPStatus.CONFLICT,
    incidents.PhotoKeyReused: HTTPStatus.CONFLICT,
    incidents.ReportKeyReused: HTTPStatus.CONFLICT,
    incidents.ReportKeyInvalid: HTTPStatus.BAD_REQUEST,
    incidents.ReportInvalid: HTTPStatus.BAD_REQUEST,
    incidents.FilterInvalid: HTTPStatus.BAD_REQUEST,
    incidents.NetworkNotYours: HTTPStatus.FORBIDDEN,
    incidents.NetworkEditNotYours: HTTPStatus.FORBIDDEN,
    incidents.BodyNotFound: HTTPStatus.NOT_FOUND,
    incidents.MediatorNotFound: HTTPStatus.NOT_FOUND,
    incidents.NetworkInvalid: HTTPStatus.BAD_REQUEST,
    incidents.ResultsNotYours: HTTPStatus.FORBIDDEN,
    incidents.ResultsAreaOutside: HTTPStatus.NOT_FOUND,
    incidents.AppraisalNotYours: HTTPStatus.FORBIDDEN,
    incidents.CampaignNotYours: HTTPStatus.FORBIDDEN,
    incidents.NoticeNotFound: HTTPStatus.NOT_FOUND,
    incidents.ChannelFailed: HTTPStatus.BAD_GATEWAY,
    incidents.HandoverNotAllowed: HTTPStatus.FORBIDDEN,
    incidents.HandoverInvalid: HTTPStatus.BAD_REQUEST,
    maps.NoDutyOnMap: HTTPStatus.FORBIDDEN,
    maps.CasesNotYours: HTTPStatus.FORBIDDEN,
    # As with a foreign dispute: what lies outside one's duty is not there.
    maps.AreaOutsideDuty: HTTPStatus.NOT_FOUND,
}

# Sentences for what is not a domain error, by status: stable code, Chinese, English.
GENERAL = {
    400: ("bad_request", "请求有误,请检查标出的内容。", "The request is not valid: see the parts named."),
    401: ("not_signed_in", "请先登录。", "Sign in first."),
    403: ("forbidden", "您的职责不包括这项内容。", "Your duties do not cover this."),
    404: (
        "not_found",
        "没有这个内容,或不在您的职责范围内。",
        "There is no such thing, or it is not in your area.",
    ),
    405: ("method_not_allowed", "这个地址不支持该方法。", "This address does not support the method."),
    406: ("not_acceptable", "只提供 JSON。", "Only JSON is given here."),
    413: ("too_large", "内容过大,请缩减后再发送。", "Too large: send less."),
    415: ("unsupported_media_type", "请以 application/json 发送。", "Send application/json."),
    429: ("too_many_attempts", "尝试次数过多,请稍后再试。", "Too many attempts: try again later."),
    500: (
        "server_error",
        "系统出错,已记录。请稍后再试。",
        "Something failed and was recorded. Try again later.",
    ),
    503: (
        "not_ready",
        "系统暂时无法提供服务,请稍后再试。",
        "Not able to serve for the moment: try again later.",
    ),
}


def status_of(error: DomainError) -> int:
    """HTTP status of a domain error: its own or that of the nearest class above it."""
    return next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS).value


def problem(status: int, code: str, zh: str, en: str, **more) -> dict:
    """A problem document with a stable `code` and the sentence in both languages."""
    return {
        "type": f"urn:gridgov:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": zh,
        "detail_en": en,
        **more,
    }


def domain_problem(error: DomainError) -> dict:
    """The problem document of a domain error: its code, its sentence and its facts."""
    reserved = {"type", "title", "status", "code", "detail", "detail_en"}
    facts = {name: value for name, value in error.facts.items() if name not in reserved}
    return problem(status_of(error), error.code, error.message_zh, error.message_en, **facts)


def general_problem(status: int, **more) -> dict:
    """The problem document of what is no domain error, in GENERAL's words for `status`."""
    code, zh, en = GENERAL.get(status, GENERAL[500 if status >= 500 else 400])
    return problem(status, code, zh, en, **more)


def problem_response(error: Exception, context: dict) -> Response | None:
    """REST framework's exception handler. An unforeseen error is left to Django, which logs it."""
    if isinstance(error, DomainError):
        body, headers = domain_problem(error), {}
    else:
        response = exception_handler(error, context)
        if response is None:
            return None
        named = {"errors": error.get_full_details()} if isinstance(error, drf.ValidationError) else {}
        if isinstance(error, drf.ParseError):
            named = {"errors": {"body": [{"message": str(error.detail), "code": "parse_error"}]}}
        body = general_problem(response.status_code, **named)
        headers = {k: response[k] for k in ("WWW-Authenticate", "Retry-After", "Allow") if k in response}
    return Response(body, body["status"], headers=headers, content_type="application/problem+json")


def problem_document(body: dict) -> JsonResponse:
    """`body` as JSON, whatever the request's address."""
    return JsonResponse(
        body,
        status=body["status"],
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False, "default": str},
    )


def error_response(request: HttpRequest, body: dict) -> HttpResponse:
    """`body` as a problem document under /api/, as a page elsewhere."""
    if request.path.startswith("/api/"):
        return problem_document(body)
    sentence = in_page_language(body["detail"], body["detail_en"])
    return render(
        request, "error.html", {"status": body["status"], "sentence": sentence}, status=body["status"]
    )


class DomainErrorMiddleware:
    """Gives a page for a domain error that a view let pass."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer to a domain error or a body too large; anything else is left to Django."""
        if isinstance(error, DomainError):
            return error_response(request, domain_problem(error))
        if isinstance(error, RequestDataTooBig):
            return error_response(request, general_problem(413))
        return None


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400."""
    return error_response(request, general_problem(400))


def forbidden(request: HttpRequest, exception: PermissionDenied | None = None) -> HttpResponse:
    """Django's handler403. Why is not told: it could name what is hidden."""
    return error_response(request, general_problem(403))


def not_found(request: HttpRequest, exception: Http404 | None = None) -> HttpResponse:
    """Django's handler404."""
    return error_response(request, general_problem(404))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500. The error itself is in the log, and nowhere in the answer."""
    return error_response(request, general_problem(500))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from an old page, or from a browser that keeps no cookies."""
    return error_response(
        request,
        problem(
            403,
            "form_expired",
            "页面已过期,请返回、刷新后再提交。",
            "The page has expired: go back, reload it and send again.",
        ),
    )


def sign_in_locked(request: HttpRequest, original: HttpResponse, credentials: dict | None) -> HttpResponse:
    """Too many wrong passwords for this account from this address."""
    minutes = round(settings.AXES_COOLOFF_TIME.total_seconds() / 60)
    response = error_response(
        request,
        problem(
            429,
            "too_many_attempts",
            f"密码错误次数过多,请 {minutes} 分钟后再试,或请管理员重设密码。",
            f"Too many wrong passwords: try again in {minutes} minutes, or ask an administrator.",
        ),
    )
    response["Retry-After"] = str(minutes * 60)
    return response
