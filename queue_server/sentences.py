"""What a family is told when a scan checked nobody in: what happened, and what to do next, in both languages.

What is wrong with a card itself is said by `protocol.card.SENTENCES`; here are the refusals of the rules.
"""

from collections.abc import Callable, Mapping
from typing import Final

from protocol import Problem, Text
from protocol.card import SENTENCES
from protocol.card import Problem as CardProblem
from queue_server.core.commands import Reason, Refused
from queue_server.core.site import Site
from queue_server.core.vocabulary import Name

Sentence = Callable[[Refused, Site], Text]

_DESK: Final = Text(
    zh="请到服务台，工作人员会帮您。", en="Please go to the service desk; they will help you."
)


def problem_of(refused: Refused, site: Site) -> Problem:
    """The sentence for a refused scan."""
    if refused.reason is Reason.BAD_CARD:
        return _card_problem(refused.detail)
    what, todo = REFUSALS.get(refused.reason, (_cannot, _to_the_desk))
    return Problem(code=refused.reason.value, what=what(refused, site), todo=todo(refused, site))


def _card_problem(code: str) -> Problem:
    known = code if code in set(CardProblem) else CardProblem.NOT_A_CARD
    what, todo = SENTENCES[CardProblem(known)]
    return Problem(code=known, what=what, todo=todo)


def _says(zh: str, en: str) -> Sentence:
    text = Text(zh=zh, en=en)
    return lambda _refused, _site: text


def _to_the_desk(_refused: Refused, _site: Site) -> Text:
    return _DESK


_cannot: Final = _says("现在还不能为您签到。", "We can't check you in at the moment.")


def _not_today(refused: Refused, _site: Site) -> Text:
    day = refused.day
    if day is None:
        return Text(zh="您的预约不在今天。", en="Your appointment is not today.")
    return Text(
        zh=f"您的预约是{day.month}月{day.day}日，不是今天。",
        en=f"Your appointment is on {day:%A}, {day.day} {day:%B}, not today.",
    )


def _come_then(_refused: Refused, _site: Site) -> Text:
    return Text(
        zh="请在预约当天再来；需要改期请到服务台。",
        en="Please come on that day, or have it changed at the service desk.",
    )


def _wrong_campus(refused: Refused, site: Site) -> Text:
    campus = site.campuses.get(refused.detail, Name(refused.detail, refused.detail))
    return Text(
        zh=f"您预约的是{campus.zh}，这里是{site.name.zh}。",
        en=f"Your appointment is at {campus.en}; this is {site.name.en}.",
    )


def _too_early(refused: Refused, site: Site) -> Text:
    if refused.when is None:
        return Text(zh="还没到签到时间。", en="It is too early to check in.")
    opens = refused.when.astimezone(site.timezone)
    return Text(
        zh=f"还没到签到时间，{opens:%H:%M}开始签到。",
        en=f"It is too early to check in; it opens at {opens:%H:%M}.",
    )


REFUSALS: Final[Mapping[Reason, tuple[Sentence, Sentence]]] = {
    Reason.UNKNOWN_CARD: (
        _says("没有找到这张就诊卡的信息。", "This visit card is not known here."),
        _says(
            "请到服务台建档，或换一张就诊卡。",
            "Please register at the service desk, or show another card.",
        ),
    ),
    Reason.NOT_FOUND: (
        _says("没有查到今天的挂号。", "Nothing was found for today with these two."),
        _says(
            "请核对手机尾号和孩子生日，或请人帮忙。",
            "Please check the last four digits and the birthday, or call a person.",
        ),
    ),
    Reason.TOO_MANY_TRIES: (
        _says("查得太快了。", "That was a little fast."),
        _says(
            "请等半分钟再试，或请人帮忙。", "Please try again in half a minute, or call a person."
        ),
    ),
    Reason.NO_VISIT: (
        _says("今天没有您的挂号。", "There is no appointment for you today."),
        _says("请到服务台或自助机挂号。", "Please register at the service desk."),
    ),
    Reason.NOT_TODAY: (_not_today, _come_then),
    Reason.WRONG_CAMPUS: (
        _wrong_campus,
        _says(
            "请前往预约的院区；来不及的话，请到服务台。",
            "Please go there; if time is short, ask at the service desk.",
        ),
    ),
    Reason.CANCELLED: (
        _says("这个号已经退了。", "This registration was given back."),
        _says("需要就诊请重新挂号。", "To be seen today, please register again."),
    ),
    Reason.TOO_EARLY: (
        _too_early,
        _says("请先休息一下，到时间再扫码。", "Please take a seat and scan again then."),
    ),
    Reason.STALE_SCAN: (
        _says("这次扫码不是今天的。", "This scan was not made today."),
        _says("请再扫一次。", "Please hold up the card once more."),
    ),
    Reason.OTHER_AREA: (
        _says("您的就诊不在这个诊区。", "Your visit is not in this clinic area."),
        _says(
            "请按手机上的路线前往，或扫就诊码签到。",
            "Please follow the way on your phone, or scan your visit card.",
        ),
    ),
    Reason.SHARED_PHONE: (
        _says("手机签到没有成功。", "The phone could not be checked in."),
        _says("请扫就诊码签到。", "Please scan your visit card instead."),
    ),
    Reason.TWO_PLACES: (
        _says(
            "手机签到没有成功：同时在两个地方感应到。",
            "The phone was not checked in: it was sensed in two places at once.",
        ),
        _says("请扫就诊码签到。", "Please scan your visit card instead."),
    ),
    Reason.UNCLEAR_PLACE: (
        _says(
            "手机签到没有成功：分不清在哪个诊区门口。",
            "The phone was not checked in: it was not clear at which door it is.",
        ),
        _says("请走近一些，或扫就诊码签到。", "Please come closer, or scan your visit card."),
    ),
    Reason.PROOF_MISSING: (
        _says(
            "手机签到没有成功：这里需要手机证明身份，没有收到。",
            "The phone was not checked in: it must prove itself here, and did not answer.",
        ),
        _says("请扫就诊码签到。", "Please scan your visit card instead."),
    ),
    Reason.PROOF_WRONG: (
        _says(
            "手机签到没有成功：手机的证明不对。",
            "The phone was not checked in: its proof was not right.",
        ),
        _says("请扫就诊码签到。", "Please scan your visit card instead."),
    ),
    Reason.TOO_MANY_MISSES: (
        _says("您已经多次过号。", "You have missed your call several times."),
        _says("请到分诊台，护士会重新安排。", "Please see the nurse at the triage desk."),
    ),
    Reason.UNPAID: (
        _says("挂号费还没有缴。", "The registration is not paid yet."),
        _says(
            "请在手机上或收费窗口缴费，再来扫码。",
            "Please pay on your phone or at the cashier, then scan again.",
        ),
    ),
    Reason.SCREENING_MISSING: (
        _says("今天还没有填流调问卷。", "Today's health form is not filled in yet."),
        _says(
            "请先在手机上填写，再来扫码；不方便请找护士。",
            "Please fill it in on your phone and scan again, or ask a nurse.",
        ),
    ),
    Reason.SCREENED_OUT: (
        _says("请走发热门诊通道。", "Please use the fever clinic's entrance."),
        _says(
            "请戴好口罩，找身边的护士带路。", "Please wear a mask; a nurse will show you the way."
        ),
    ),
    Reason.NO_WALK_INS: (
        _says("这个科室只看预约。", "This clinic sees appointments only."),
        _says(
            "请到服务台，看看别的科室或改约。",
            "Please ask at the service desk for another clinic or another day.",
        ),
    ),
    Reason.UNKNOWN_DOCTOR: (
        _says("这位医生今天不在这个科室。", "This doctor is not in this clinic today."),
        _says("请再扫一次，选择别的医生。", "Please scan again and choose another doctor."),
    ),
    Reason.UNKNOWN_GROUP: (
        _says("这个科室今天不在这里出诊。", "This clinic is not open here today."),
        _to_the_desk,
    ),
}
"""What happened, and what to do next. Refusals that no scan can meet have no sentence here."""
