"""By which ways, beyond this system, a notice can reach someone.

`GRIDGOV_NOTICE_CHANNELS` names them: "email", "sms", "wecom", or the dotted path of a class that keeps to
`Channel`. What goes out says no more than a case number and that there is something to read: see
`words.outside`. docs/notices.md tells how to write one.
"""

import json
import re
from http.client import HTTPException
from smtplib import SMTPException
from typing import Protocol
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.utils.module_loading import import_string

from incidents.errors import ChannelFailed

TIMEOUT_S = 10
MOST_ANSWER_BYTES = 64 * 1024


class Channel(Protocol):
    """One way out. `name` is stored with people's addresses, `label` is its name in Chinese and English."""

    name: str
    label: tuple[str, str]

    def accepts(self, address: str) -> bool:
        """Whether `address` can be one of this channel."""

    def send(self, address: str, subject: str, text: str) -> None:
        """Hand the text over. Raises ChannelFailed where it was not taken: it is then tried again later."""


class EmailChannel:
    """By Django's mail, to the server of GRIDGOV_EMAIL_URL."""

    name = "email"
    label = ("电子邮件", "E-mail")

    def accepts(self, address: str) -> bool:
        try:
            validate_email(address)
        except ValidationError:
            return False
        return True

    def send(self, address: str, subject: str, text: str) -> None:
        message = EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [address])
        try:
            message.send()
        except (SMTPException, OSError) as error:
            # Not the error itself: a mail server's answer repeats the address.
            raise ChannelFailed(channel=self.name, reason=type(error).__name__) from None


class HttpSmsChannel:
    """By a text message gateway: POST {"phone", "text"} as JSON; any 2xx is a yes."""

    name = "sms"
    label = ("短信", "Text message")

    def accepts(self, address: str) -> bool:
        return re.fullmatch(r"\+?[0-9]{6,15}", address) is not None

    def send(self, address: str, subject: str, text: str) -> None:
        body = {"phone": address, "text": text}
        post_json(self.name, settings.GRIDGOV_SMS_URL, settings.GRIDGOV_SMS_TOKEN, body)


class WeComChannel:
    """By WeCom (企业微信), as its application messages are: the gateway adds agent and access token."""

    name = "wecom"
    label = ("企业微信", "WeCom")

    def accepts(self, address: str) -> bool:
        # A member's id. "@all" would be everybody.
        return re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z_.@-]{0,63}", address) is not None

    def send(self, address: str, subject: str, text: str) -> None:
        body = {"touser": address, "msgtype": "text", "text": {"content": text}}
        answer = post_json(self.name, settings.GRIDGOV_WECOM_URL, settings.GRIDGOV_WECOM_TOKEN, body)
        # WeCom answers 200 also to what it did not take.
        if answer.get("errcode") != 0 or answer.get("invaliduser"):
            raise ChannelFailed(channel=self.name, reason=f"errcode {answer.get('errcode')!r:.20}")


BUILT_IN = {channel.name: channel for channel in (EmailChannel, HttpSmsChannel, WeComChannel)}


def channels() -> dict[str, Channel]:
    """The channels of this installation, by name, in the order of the setting."""
    chosen = (BUILT_IN.get(name) or import_string(name) for name in settings.GRIDGOV_NOTICE_CHANNELS)
    return {channel.name: channel for channel in (make() for make in chosen)}


def post_json(channel: str, url: str, token: str, body: dict) -> dict:
    """POST `body`, with `token` as bearer; the answer where it is a JSON object, else {}.

    Follows no redirect: the text goes where the administrator said and nowhere else.

    Raises:
        ChannelFailed: no answer in time, or not a 2xx.
    """
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = Request(url, json.dumps(body, ensure_ascii=False).encode(), headers, method="POST")
    try:
        with _opener(url).open(request, timeout=TIMEOUT_S) as response:
            said = response.read(MOST_ANSWER_BYTES)
    except HTTPError as error:
        error.close()
        raise ChannelFailed(channel=channel, reason=f"HTTP {error.code}") from None
    except (OSError, HTTPException) as error:
        raise ChannelFailed(channel=channel, reason=type(error).__name__) from None
    try:
        answer = json.loads(said)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


def _opener(url: str):
    """A plain address is on this machine, which no proxy reaches."""
    direct = [ProxyHandler({})] if urlsplit(url).scheme == "http" else []
    return build_opener(_NoRedirect, *direct)
