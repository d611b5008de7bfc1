"""Every error over HTTP: one shape (`application/problem+json`, RFC 9457), one catalogue, both languages."""

from collections.abc import Mapping
from typing import Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from protocol import ChildChoice, Text
from queue_server.core import commands as c
from queue_server.web.render import page
from queue_server.web.staff_sentences import MISSING, sentence_for_staff

MEDIA_TYPE: Final = "application/problem+json"

SENTENCES: Final[Mapping[str, tuple[int, str, str]]] = {
    "not_signed_in": (401, "请先登录。", "Please sign in."),
    "role_may_not": (403, "您的岗位不能做这一步。", "Your role may not do this."),
    "not_your_kind": (
        403,
        "这个窗口由其他岗位的同事负责。",
        "This room or window is served by another role.",
    ),
    "foreign_page": (
        403,
        "这个请求不是从本系统的页面发出的。",
        "This request did not come from a page of this server.",
    ),
    "not_found": (404, "没有这个地址。", "There is nothing at this address."),
    "unknown_area": (404, "没有这个诊区。", "There is no such area."),
    "method": (405, "这个地址不接受这种请求。", "This address takes no request of this kind."),
    "too_large": (413, "内容太大，最多 64 KB。", "Too large: a request has at most 64 KB."),
    "invalid": (
        422,
        "填写的内容有误，请检查。",
        "What was sent can't be used; see what is wrong below.",
    ),
    "broken": (
        500,
        "服务器出了问题，没有保存。请再试一次，并告诉信息科。",
        "Something went wrong in the server; please try again and tell the IT staff.",
    ),
    "no_pdf": (
        503,
        "做不了 PDF，请用浏览器打印页面；信息科可看日志。",
        "The PDF can't be made: print the page from the browser. The log says why.",
    ),
    "stopping": (
        503,
        "服务器正在重启，请稍等几秒再试。",
        "The server is restarting; please try again in a moment.",
    ),
    "which_child": (
        409,
        "这张卡是几个孩子共用的，请选是哪个孩子。",
        "This card is for several children: please say which.",
    ),
    "no_such_call": (404, "没有这次叫号的记录。", "There is no record of this call."),
    "no_phones": (
        503,
        "本院没有开通手机蓝牙签到，请扫就诊码。",
        "Phones do not check in by Bluetooth here; please scan the visit card.",
    ),
    "no_voice": (
        503,
        "这台服务器没有语音：请安装 espeak-ng。",
        "This server has no voice: install espeak-ng.",
    ),
    "no_map": (404, "这里没有地图。", "There is no map here."),
    "no_such_place": (404, "地图上没有这个地方。", "The map has no such place."),
    "way_over": (
        404,
        "这条路线已失效。请到自助机重新扫码，或问服务台。",
        "This way is no longer kept. Please scan again at a kiosk, or ask at the service desk.",
    ),
    "page_over": (
        404,
        "这个链接已失效（每个链接只用一天）。请在自助机再扫一次就诊卡，或问服务台。",
        "This link is no longer good: each is for one day. Hold your visit card at a kiosk again, or ask at the service desk.",
    ),
    "page_of_another": (
        403,
        "这个页面已在另一部手机上打开，这里只能看。要操作，请在自助机再扫一次就诊卡。",
        "Another phone holds this page; here you can only look. To act, hold your visit card at a kiosk again.",
    ),
    "too_many_pages": (503, "打开的页面太多了。", "Too many pages are open."),
}
"""By code: the status, and the sentence for whoever meets it."""

_BY_STATUS: Final = {401: "not_signed_in", 403: "role_may_not", 404: "not_found", 405: "method"}


class Wrong(BaseModel):
    """One thing that is wrong in a request."""

    where: str = Field(description="Which field, e.g. `body.slot.start`.")
    what: str = Field(description="What is wrong with it; what was sent is never repeated.")


class ProblemBody(BaseModel):
    """Why nothing was done, for programs (`code`) and for people (`sentence`)."""

    type: str = Field(default="about:blank", description="Always `about:blank`: see `code`.")
    title: str = Field(description="The sentence in English.", examples=["Nobody is waiting."])
    status: int = Field(description="The HTTP status.", examples=[409])
    code: str = Field(description="Stable code of the reason.", examples=["nobody_waiting"])
    sentence: Text = Field(description="The reason in both languages.")
    ticket: str | None = Field(default=None, description="The family concerned, if any.")
    wrong: tuple[Wrong, ...] = Field(default=(), description="Which fields are wrong (status 422).")
    choices: tuple[ChildChoice, ...] = Field(
        default=(), description="With `which_child`: the children that the card is for."
    )


class HttpProblem(Exception):
    """An error on its way to the client."""

    def __init__(self, body: ProblemBody, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(body.title)
        self.body = body
        self.headers = dict(headers or {})


def problem(
    code: str,
    *,
    ticket: str | None = None,
    wrong: tuple[Wrong, ...] = (),
    choices: tuple[ChildChoice, ...] = (),
) -> HttpProblem:
    """The problem of a code in the catalogue."""
    status, zh, en = SENTENCES[code]
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    body = ProblemBody(
        title=en,
        status=status,
        code=code,
        sentence=Text(zh=zh, en=en),
        ticket=ticket,
        wrong=wrong,
        choices=choices,
    )
    return HttpProblem(body, headers)


def refusal(refused: c.Refused) -> HttpProblem:
    """The problem of a command that the rules refused."""
    sentence = sentence_for_staff(refused)
    return HttpProblem(
        ProblemBody(
            title=sentence.en,
            status=404 if refused.reason in MISSING else 409,
            code=refused.reason.value,
            sentence=sentence,
            ticket=refused.ticket,
        )
    )


RESPONSES: Final[dict[int | str, dict[str, object]]] = {
    code: {"model": ProblemBody, "description": text}
    for code, text in (
        (401, "Nobody is signed in."),
        (403, "The role may not do this, or the request came from a foreign page."),
        (404, "There is no such visit, point or area."),
        (409, "Refused; nothing has changed."),
        (422, "What was sent can't be used."),
    )
}
"""What any command may be answered with besides its own answer."""


async def answer_problem(request: Request, error: Exception) -> Response:
    """An error handler: JSON for programs, a page for people."""
    found = _as_problem(error)
    if _wants_page(request):
        lang = "en" if request.query_params.get("lang") == "en" else "zh"
        say = found.body.sentence.en if lang == "en" else found.body.sentence.zh
        html = page("error.html", lang, sentence=say, member=None, path="/")
        return HTMLResponse(html, found.body.status, found.headers)
    return json_problem(found)


def json_problem(found: HttpProblem) -> Response:
    """The answer for programs."""
    return JSONResponse(
        found.body.model_dump(mode="json"), found.body.status, found.headers, MEDIA_TYPE
    )


def _wants_page(request: Request) -> bool:
    if request.url.path.startswith(("/api/", "/healthz", "/openapi.json", "/static/")):
        return False
    return "text/html" in request.headers.get("accept", "")


def _as_problem(error: Exception) -> HttpProblem:
    match error:
        case HttpProblem():
            return error
        case RequestValidationError():
            return problem("invalid", wrong=tuple(_wrong(each) for each in error.errors()))
        case HTTPException():
            return problem(_BY_STATUS.get(error.status_code, "invalid"))
        case _:
            return problem("broken")


def _wrong(found: Mapping[str, object]) -> Wrong:
    where = found.get("loc", ())
    parts = where if isinstance(where, tuple) else ()
    return Wrong(where=".".join(str(part) for part in parts), what=str(found.get("msg", "")))
