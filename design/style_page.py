"""The living style page: every token, component, icon, guide and chime, from the very files that the screens use."""

from functools import lru_cache
from typing import Final, Literal

from jinja2 import Environment, StrictUndefined

from design.chimes import CHIMES
from design.files import version
from design.guides import ANIMALS, AREAS, POSES
from design.icons import ICONS
from design.palette import THEMES, Theme, palette, tokens
from design.templating import dress

_WORDS: Final = {
    "title": ("设计语言", "Design language"),
    "lead": (
        "所有屏幕共用的颜色、字体、部件、图标和小伙伴。",
        "The colours, type, components, icons and guides that all our screens share.",
    ),
    "theme": ("主题", "Theme"),
    "light": ("日间", "Light"),
    "contrast": ("高对比", "High contrast"),
    "board": ("大屏", "Board"),
    "board-contrast": ("大屏高对比", "Board, high contrast"),
    "size": ("字号", "Type"),
    "normal": ("标准字", "Normal"),
    "large": ("大字", "Large"),
    "language": ("English", "中文"),
    "colours": ("颜色", "Colours"),
    "type": ("字体与字号", "Type"),
    "space": ("间距、圆角、动效", "Space, radius, motion"),
    "components": ("部件", "Components"),
    "icons": ("图标", "Icons"),
    "guides": ("三位小伙伴", "Three guides"),
    "chimes": ("提示音", "Chimes"),
    "clinic": ("诊区：小熊", "Clinics: the bear"),
    "lab": ("检验检查：小兔", "Laboratory and examinations: the rabbit"),
    "pharmacy": ("缴费取药：小象", "Cashier and pharmacy: the elephant"),
    "number_of": ("A023 请到 3 诊室", "A023, please go to room 3"),
    "sample": ("签到成功", "You are checked in"),
    "wait": ("约 15–30 分钟", "about 15–30 min"),
    "ahead": ("前面还有", "Ahead of you"),
    "people": ("人", "families"),
    "button": ("按钮", "Button"),
    "main": ("主要", "Main"),
    "act": ("先去化验", "Tests first"),
    "quiet": ("安静", "Quiet"),
    "bad": ("停诊", "Stop"),
    "off": ("不可用", "Off"),
    "chosen": ("选中", "Chosen"),
    "field": ("手机尾号", "End of the phone number"),
    "wrong": ("请输入四位数字", "Four digits, please"),
    "offline": (
        "现在离线：仍可签到，先给临时号",
        "Offline: you can still check in and get a number for now",
    ),
    "broken": ("打印机没有纸了", "The printer is out of paper"),
    "kept": ("号位为您保留", "Your place is kept"),
    "notice": ("二楼电梯维护到 11:00", "Lift on floor 2 is closed until 11:00"),
    "lab_step": ("检验", "Lab"),
    "clinic_step": ("就诊", "Clinic"),
    "pharmacy_step": ("取药", "Pharmacy"),
    "dialog": ("还在吗？", "Still there?"),
    "dialog_why": (
        "没有人按的话，10 秒后清屏，保护您的隐私。",
        "If nobody touches the screen, it is wiped in 10 s, to keep your visit private.",
    ),
    "here": ("还在", "I am here"),
    "done": ("完成", "Done"),
    "play": ("听一听", "Play"),
}
Lang = Literal["zh", "en"]
_TYPE: Final = ("note", "small", "body", "lead", "title", "head", "fact", "number")
_PAIRS: Final = (
    ("ink", "ground"),
    ("ink", "card"),
    ("dim", "card"),
    ("on-main", "main"),
    ("on-soft", "soft"),
    ("calm-ink", "calm"),
    ("on-call", "call"),
    ("serving", "card"),
    ("on-act", "act"),
    ("bad-ink", "bad-soft"),
    ("good", "good-soft"),
    ("info", "info-soft"),
    ("on-night", "night"),
)
"""Ink and ground, as they are meant to meet."""


@lru_cache(1)
def _environment() -> Environment:
    return dress(
        Environment(
            autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
    )


def contrast(ink: str, ground: str) -> float:
    """Contrast of two colours `#rrggbb` by WCAG 2.2, from 1 to 21."""
    lights = sorted((_light(ink), _light(ground)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def style_page(
    lang: Lang = "zh", theme: Theme = "light", large: bool = False, at: str = "/static/design"
) -> str:
    """The style page as HTML. `at`: where `DesignFiles` are mounted."""
    colours = palette(theme)
    pairs = [(ink, under, contrast(colours[ink], colours[under])) for ink, under in _PAIRS]
    values = tokens(theme)

    def t(key: str) -> str:
        return _WORDS[key][0 if lang == "zh" else 1]

    return (
        _environment()
        .get_template("style.html")
        .render(
            at=at,
            lang=lang,
            theme=theme,
            large=large,
            t=t,
            colours=colours,
            pairs=pairs,
            themes=THEMES,
            sizes=_TYPE,
            spaces=[name for name in values if name.startswith("space-")],
            radii=[name for name in values if name.startswith("radius-")],
            icons=ICONS,
            areas=AREAS,
            animals=ANIMALS,
            poses=POSES,
            chimes=CHIMES,
            version=version(),
        )
    )
