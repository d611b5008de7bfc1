"""The lines of the sample hospital that no map shows: who is called there, by which numbers and rules; and who works there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nav_maps.sample import DEPARTMENTS

_LETTERS: Final = "M F Q A AL G K N H S U B NS E Y T D C EN XY R W P Z BB"
_PREFIXES: Final = dict(zip((each.key for each in DEPARTMENTS), _LETTERS.split(), strict=True))
_CHILDREN_WHO_COUGH: Final = ("resp", "allergy", "gi", "ent", "care")
"""Departments that ask for a form at check-in; an abnormal one leads to the fever clinic."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a group of the site file, without its points."""

    key: str
    kind: str
    area: str
    prefix: str
    zh: str
    en: str
    serves: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    """As they stand in a site file."""
    window: tuple[str, str] = ("", "")
    """What one of its windows is called, with `{}` for its number; without it, its points are called like their rooms."""


_REPORTED: Final = "results_reported = true"
_WINDOW_RULES: Final = ('order = "check_in"', 'missed = ["line", "line", "void"]')


def _clinic_rules(key: str) -> tuple[str, ...]:
    if key == "er":
        return ('order = "check_in"', "walk_in_wait_minutes = 0", "overtake_cap = 99")
    if key == "fever":
        return ("walk_in_wait_minutes = 0",)
    if key in _CHILDREN_WHO_COUGH:
        return ("screening = true", 'fever_group = "fever"')
    return ()


def _exam(key: str, area: str, prefix: str, zh: str, en: str, minutes: float) -> Line:
    rules = ('order = "check_in"', _REPORTED, f"service_minutes = {minutes:g}")
    return Line(key, "exam", area, prefix, zh, en, rules=rules)


def _drugs(minutes: float) -> tuple[str, ...]:
    return ("prepare_first = true", f"service_minutes = {minutes:g}")


LINES: Final = (
    *(
        Line(d.key, "clinic", d.key, _PREFIXES[d.key], d.zh, d.en, rules=_clinic_rules(d.key))
        for d in DEPARTMENTS
    ),
    *(
        Line(
            f"{d.key}-treat",
            "exam",
            d.key,
            f"{_PREFIXES[d.key]}V",
            f"{d.zh}治疗",
            f"{d.en}, treatment",
            rules=('order = "check_in"',),
        )
        for d in DEPARTMENTS
    ),
    Line(
        "vaccine",
        "clinic",
        "care",
        "VA",
        "预防接种",
        "Vaccinations",
        rules=("service_minutes = 4",),
    ),
    Line(
        "blood",
        "lab",
        "lab",
        "L",
        "采血处",
        "Blood taking",
        ("crp", "allergen"),
        (_REPORTED, "service_minutes = 2.1"),
        ("采血{}号窗口", "Blood window {}"),
    ),
    Line(
        "drop",
        "lab",
        "lab",
        "LD",
        "标本接收处",
        "Urine and stool",
        ("urine", "stool"),
        (_REPORTED, "brings_specimen = true", "service_minutes = 0.6"),
        ("标本{}号窗口", "Specimen window {}"),
    ),
    Line(
        "fever-lab",
        "lab",
        "fever",
        "LF",
        "发热检验",
        "Fever laboratory",
        rules=(_REPORTED, "service_minutes = 2.5"),
    ),
    _exam("xray", "xray", "X", "X光检查", "X-ray", 4),
    _exam("ct", "xray", "CT", "CT检查", "CT", 10),
    _exam("mri", "mri", "MR", "磁共振检查", "MRI", 25),
    _exam("nuc", "mri", "NU", "核医学检查", "Nuclear medicine", 25),
    _exam("ecg", "func", "EC", "心电图检查", "ECG", 5),
    _exam("eeg", "func", "EE", "脑电图检查", "EEG", 30),
    _exam("lung", "func", "LU", "肺功能检查", "Lung function", 12),
    _exam("endo-scope", "func", "ES", "内镜检查", "Endoscopy", 25),
    _exam("echo", "echo", "US", "超声检查", "Ultrasound", 8),
    _exam("emg", "neuro", "MG", "肌电图检查", "EMG", 20),
    _exam("holter", "cardio", "HO", "动态心电图", "Holter ECG", 10),
    _exam("hearing", "ent", "HE", "听力检查", "Hearing tests", 12),
    _exam("scope", "ent", "LS", "喉镜检查", "Laryngoscopy", 10),
    _exam("vision", "eye", "VI", "视力检查", "Eye tests", 5),
    Line(
        "infusion",
        "exam",
        "infusion",
        "IV",
        "输液",
        "Infusions",
        rules=('order = "check_in"', "service_minutes = 3"),
        window=("输液{}号台", "Infusion desk {}"),
    ),
    Line(
        "cashier",
        "cashier",
        "register",
        "J",
        "收费处",
        "Cashier",
        rules=(*_WINDOW_RULES, "service_minutes = 1"),
        window=("收费{}号窗口", "Cashier window {}"),
    ),
    Line(
        "register",
        "cashier",
        "register",
        "RG",
        "挂号建档",
        "Registration",
        rules=(*_WINDOW_RULES, "service_minutes = 1.5"),
        window=("挂号{}号窗口", "Registration window {}"),
    ),
    Line(
        "ward-desk",
        "cashier",
        "admission",
        "WD",
        "住院登记",
        "Admissions",
        rules=(*_WINDOW_RULES, "service_minutes = 8"),
        window=("住院登记{}号窗口", "Admissions window {}"),
    ),
    Line(
        "day-surgery",
        "cashier",
        "admission",
        "DS",
        "日间手术登记",
        "Day surgery",
        rules=(*_WINDOW_RULES, "service_minutes = 8"),
    ),
    Line(
        "pharmacy",
        "pharmacy",
        "pharmacy",
        "O",
        "门诊药房",
        "Pharmacy",
        rules=_drugs(0.9),
        window=("取药{}号窗口", "Pharmacy window {}"),
    ),
    Line("herbs", "pharmacy", "pharmacy", "OH", "中药房", "Chinese medicines", rules=_drugs(4)),
    Line("fever-drugs", "pharmacy", "fever", "OF", "发热药房", "Fever pharmacy", rules=_drugs(1)),
)
"""Of the whole hospital; clinics first."""

POINTS_OF: Final = {"desk": "register", "er-resus": "er"}
"""Lines of points whose ids do not begin with the line's; windows by what stands before their number."""
CLASSES: Final = {"er-resus": ("level-1", "level-2"), "blood-8": ("level-1", "level-2", "infant")}
"""Points that are for some only."""
HELPS: Final = {"drop-1": ("blood",), "drop-2": ("blood",)}
"""Windows that call from another line when nobody of their own waits."""
ON_DUTY: Final = frozenset({"er", "fever"})
"""Open day and night: whoever is on duty, without a plan of sessions."""

_SURNAMES: Final = """
    林 Lin|沈 Shen|顾 Gu|陆 Lu|苏 Su|秦 Qin|许 Xu|何 He|韩 Han|江 Jiang|温 Wen|方 Fang|叶 Ye|程 Cheng|傅 Fu|宋 Song|唐 Tang
    孟 Meng|魏 Wei|白 Bai|谢 Xie|邵 Shao|钟 Zhong|贺 He|尹 Yin|柳 Liu|罗 Luo|俞 Yu|范 Fan|杜 Du|殷 Yin|陶 Tao|裴 Pei|郁 Yu
    康 Kang|易 Yi|乔 Qiao"""
_GIVEN: Final = """
    知夏 Zhixia|予安 Yu'an|清和 Qinghe|明朗 Minglang|书仪 Shuyi|景行 Jingxing|若溪 Ruoxi|南星 Nanxing|怀瑾 Huaijin|念之 Nianzhi
    思源 Siyuan|云舒 Yunshu|嘉树 Jiashu|望舒 Wangshu|允中 Yunzhong|静姝 Jingshu|亦凡 Yifan|文澜 Wenlan|晓棠 Xiaotang|致远 Zhiyuan
    映雪 Yingxue|一诺 Yinuo|子衿 Zijin|星河 Xinghe|安歌 Ange|长宁 Changning|以宁 Yining|乐游 Leyou|沐风 Mufeng"""
_TITLES: Final = (
    ("主任医师", "chief physician"),
    ("副主任医师", "associate chief physician"),
    ("主治医师", "attending physician"),
    ("主治医师", "attending physician"),
    ("住院医师", "resident physician"),
)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A doctor at a room: when, and on which days."""

    doctor: str
    zh: str
    en: str
    room: str
    times: tuple[tuple[str, str], ...]
    """Days, and hours of them."""


_WEEK: Final = '"mon-fri"'
_BOTH: Final = ((_WEEK, "08:00-12:00"), (_WEEK, "13:30-17:30"))
_MORNINGS: Final = ((_WEEK, "08:00-12:00"),)
_AFTERNOONS: Final = ((_WEEK, "13:30-17:30"), ('"sat"', "08:00-12:00"))


def sittings() -> Iterator[Sitting]:
    """Who sits where: in the first room of a department two share the week, in the others one sits all day."""
    names = _names()
    for department in DEPARTMENTS:
        if department.key in ON_DUTY:
            continue
        for n in range(1, department.rooms + 2):
            times = _MORNINGS if n == 1 else _BOTH
            if n > department.rooms:
                times = _AFTERNOONS
            zh, en = next(names)
            title, rank = _TITLES[min(n, len(_TITLES)) - 1]
            room = f"{department.key}-{n if n <= department.rooms else 1}"
            doctor = f"{department.key}-dr{n}"
            yield Sitting(doctor, f"{zh} {title}", f"Dr {en}, {rank}", room, times)


def _names() -> Iterator[tuple[str, str]]:
    """Invented: every surname with every given name before any comes twice."""
    surnames, given = _pairs(_SURNAMES), _pairs(_GIVEN)
    for number in range(len(surnames) * len(given)):
        (zh, en), (own, called) = surnames[number % len(surnames)], given[number % len(given)]
        yield zh + own, f"{en} {called}"


def _pairs(table: str) -> list[tuple[str, str]]:
    words = [each.split() for row in table.strip().splitlines() for each in row.split("|")]
    return [(zh, en) for zh, en in words]
