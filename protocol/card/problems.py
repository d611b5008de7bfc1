"""What can be wrong with something that was held at a reader, and what a family is told."""

from enum import StrEnum

from protocol.messages import Text


class Problem(StrEnum):
    """Why a reading is not a good visit card. The values travel as codes and are never renamed."""

    NOT_A_CARD = "not_a_card"
    DAMAGED = "damaged"
    UNKNOWN_VERSION = "unknown_version"
    UNKNOWN_KEY = "unknown_key"
    KEY_NOT_VALID = "key_not_valid"
    BAD_SIGNATURE = "bad_signature"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    CODE_TOO_OLD = "code_too_old"
    CODE_FROM_FUTURE = "code_from_future"
    NO_KEYS = "no_keys"


_DESK = Text(
    zh="请到服务台，工作人员会帮您。", en="Please go to the service desk; they will help you."
)
_REFRESH = Text(
    zh="请在手机上重新打开就诊卡页面，再扫一次。",
    en="Open the card page on your phone again and hold it up once more.",
)

SENTENCES: dict[Problem, tuple[Text, Text]] = {
    Problem.NOT_A_CARD: (
        Text(zh="这不是就诊卡的二维码。", en="This is not a visit card."),
        Text(
            zh="请出示电子就诊卡。没有的话，请到服务台。",
            en="Please show the visit card. If you have none, go to the service desk.",
        ),
    ),
    Problem.DAMAGED: (
        Text(zh="二维码没有读完整。", en="The code could not be read completely."),
        Text(
            zh="请把屏幕调亮，再扫一次。", en="Please turn the screen brighter and try once more."
        ),
    ),
    Problem.UNKNOWN_VERSION: (
        Text(
            zh="这张就诊卡的版本这台机器还不认识。",
            en="This machine does not know this kind of visit card yet.",
        ),
        _DESK,
    ),
    Problem.UNKNOWN_KEY: (
        Text(
            zh="这张就诊卡不是本院发的，或是刚刚发的。",
            en="This visit card is not from this hospital, or very new.",
        ),
        _DESK,
    ),
    Problem.KEY_NOT_VALID: (
        Text(zh="这张就诊卡需要换新。", en="This visit card must be renewed."),
        Text(
            zh="请在手机上刷新就诊卡，或到服务台换卡。",
            en="Refresh the card on your phone, or have it renewed at the service desk.",
        ),
    ),
    Problem.BAD_SIGNATURE: (
        Text(zh="这张就诊卡无法确认。", en="This visit card could not be confirmed."),
        _DESK,
    ),
    Problem.NOT_YET_VALID: (
        Text(zh="这张就诊卡还没有生效。", en="This visit card is not valid yet."),
        _DESK,
    ),
    Problem.EXPIRED: (
        Text(zh="这张就诊卡已经过期。", en="This visit card has expired."),
        Text(
            zh="请在手机上更新就诊卡，或到服务台换卡。",
            en="Renew the card on your phone, or at the service desk.",
        ),
    ),
    Problem.REVOKED: (
        Text(zh="这张就诊卡已经停用。", en="This visit card is no longer in use."),
        Text(
            zh="请用新的就诊卡，或到服务台。",
            en="Please use the new card, or go to the service desk.",
        ),
    ),
    Problem.CODE_TOO_OLD: (
        Text(zh="这个二维码已经过时了。", en="This code is out of date."),
        _REFRESH,
    ),
    Problem.CODE_FROM_FUTURE: (
        Text(zh="手机的时间不对。", en="The clock of the phone is wrong."),
        _REFRESH,
    ),
    Problem.NO_KEYS: (
        Text(
            zh="这台机器暂时无法核对就诊卡。",
            en="This machine can't check visit cards at the moment.",
        ),
        _DESK,
    ),
}
"""What happened, and what to do next."""
