"""A good site file, and for each rule of site files one change that breaks it, with what is told about it."""

BASE = """\
[site]
id = "test"
name = { zh = "医院", en = "Hospital" }
timezone = "Asia/Shanghai"

[hours]
morning = "08:00-12:00"
afternoon = "13:30-17:30"
period_minutes = 30
closed = [2026-05-01, "2026-10-01/2026-10-03"]

[rules]
early_minutes = 60

[areas.east]
name = { zh = "东区", en = "East" }
place = { zh = "二楼", en = "Floor 2" }

[areas.east.rules]
screening = true
fever_group = "fever"

[series.expert]
prefix = "E"
per = "doctor"

[classes.urgent]
name = { zh = "急", en = "Urgent" }
badge = "急"
tier = 2
urgent = true

[classes.infant]
name = { zh = "新生儿", en = "Newborn" }
badge = "幼"
tier = 50

[groups.resp]
name = { zh = "呼吸内科", en = "Respiratory" }
kind = "clinic"
area = "east"
prefix = "A"

[groups.resp.rules]
missed = [5, 5, "half_day_end", "void"]

[groups.expert]
name = { zh = "专家", en = "Experts" }
kind = "clinic"
area = "east"
series = "expert"

[groups.fever]
name = { zh = "发热", en = "Fever" }
kind = "clinic"
area = "east"
prefix = "F"
rules = { screening = false }

[groups.lab]
name = { zh = "检验", en = "Laboratory" }
kind = "lab"
area = "east"
prefix = "L"
serves = ["blood", "urine"]

[doctors.lin]
name = { zh = "林医生", en = "Dr Lin" }
prefix = "L"

[doctors.zhou]
name = { zh = "周医生", en = "Dr Zhou" }
prefix = "Z"

[points.r1]
name = { zh = "1诊室", en = "Room 1" }
group = "resp"
shares = ["lin"]
classes = ["infant"]

[points.e1]
name = { zh = "2诊室", en = "Room 2" }
group = "expert"

[points.f1]
name = { zh = "3诊室", en = "Room 3" }
group = "fever"
doctor = "zhou"

[points.l1]
name = { zh = "1窗口", en = "Window 1" }
group = "lab"

[[sessions]]
doctor = "lin"
point = "r1"
days = ["mon-wed"]
time = "08:00-12:00"

[[sessions]]
doctor = "lin"
point = "e1"
days = ["thu", "fri"]
time = "08:00-12:00"

[[previsit]]
id = "cough"
groups = ["resp"]
tests = ["blood"]
reasons = ["咳嗽"]
min_age_months = 6
max_age_months = 72

[[appointments]]
visit = "V1"
patient = "p1"
name = "张小宝"
group = "resp"
day = 2026-03-02
slot = "09:00-10:00"
born = 2021-01-01
"""
ENT = (
    '[groups.ent]\nname = { zh = "耳", en = "Ear" }\nkind = "clinic"\narea = "east"\nprefix = "B"\n'
)
E2 = '[points.e2]\nname = { zh = "9", en = "9" }\ngroup = "expert"\n'


def session(doctor: str, point: str, when: str, time: str = "08:00-12:00") -> str:
    return f'[[sessions]]\ndoctor = "{doctor}"\npoint = "{point}"\n{when}\ntime = "{time}"\n\n'


BAD = {
    # unknown and misspelt
    "key of the site": (
        'id = "test"',
        'ID = "test"\nid = "test"',
        "site.ID is not known here; did you mean 'id'?",
    ),
    "table": ("[hours]", "[hour]", "hour is not known here; did you mean 'hours'?"),
    "key of a line": (
        'prefix = "A"',
        'prefx = "A"',
        "groups.resp.prefx is not known here; did you mean 'prefix'?",
    ),
    "key of a session": (
        'days = ["mon-wed"]',
        'dayz = ["mon-wed"]',
        "sessions.0.dayz is not known here; did you mean 'day'?",
    ),
    "key of rules": (
        "screening = true",
        "screning = true",
        "areas.east.rules.screning is not known here; did you mean 'screening'?",
    ),
    "rule beside its table": (
        'prefix = "A"',
        'prefix = "A"\nlate_every = 2',
        "groups.resp.late_every is a rule; move it below [groups.resp.rules]",
    ),
    "area of a line": (
        'area = "east"\nprefix = "A"',
        'area = "easst"\nprefix = "A"',
        "groups.resp.area is 'easst', which is not there; did you mean 'east'?",
    ),
    "kind of a line": (
        'kind = "lab"',
        'kind = "labb"',
        "groups.lab.kind is 'labb': did you mean 'lab'?",
    ),
    "group of a point": (
        'group = "lab"',
        'group = "labs"',
        "points.l1.group is 'labs', which is not there; did you mean 'lab'?",
    ),
    "series of a line": (
        'series = "expert"',
        'series = "experts"',
        "groups.expert.series is 'experts', which is not there; did you mean 'expert'?",
    ),
    "shared doctor": (
        'shares = ["lin"]',
        'shares = ["lim"]',
        "points.r1.shares is 'lim', which is not there; did you mean 'lin'?",
    ),
    "doctor of a point": (
        'doctor = "zhou"',
        'doctor = "chou"',
        "points.f1.doctor is 'chou', which is not there; did you mean 'zhou'?",
    ),
    "class of a point": (
        'classes = ["infant"]',
        'classes = ["infants"]',
        "points.r1.classes is 'infants', which is not there; did you mean 'infant'?",
    ),
    "doctor of a session": (
        'doctor = "lin"\npoint = "r1"',
        'doctor = "li"\npoint = "r1"',
        "sessions.0.doctor is 'li', which is not there; did you mean 'lin'?",
    ),
    "point of a session": (
        'point = "r1"',
        'point = "r9"',
        "sessions.0.point is 'r9', which is not there; use one of e1, f1, l1, r1",
    ),
    "fever line": (
        'fever_group = "fever"',
        'fever_group = "feber"',
        "areas.east.rules.fever_group is 'feber', which is not there; did you mean 'fever'?",
    ),
    "clinic of a test rule": (
        'groups = ["resp"]',
        'groups = ["rasp"]',
        "previsit.0.groups is 'rasp', which is not there; did you mean 'resp'?",
    ),
    "test of a test rule": (
        'tests = ["blood"]',
        'tests = ["blod"]',
        "previsit.0.tests is 'blod', which is not there; did you mean 'blood'?",
    ),
    "a clinic as a test": (
        'tests = ["blood"]',
        'tests = ["resp"]',
        "previsit.0.tests is 'resp', which is not there",
    ),
    "priority of a visit": (
        "born =",
        'priority = "infent"\nborn =',
        "visit V1 has the priority 'infent', which is not there; did you mean 'infant'?",
    ),
    "doctor of a visit": (
        "born =",
        'doctor = "zhou"\nborn =',
        "visit V1 names the doctor 'zhou', who sits at no point of resp; use one of lin",
    ),
    # taken twice
    "prefix twice": (
        'prefix = "F"',
        'prefix = "A"',
        "groups.fever.prefix 'A' is taken by resp; give each its own",
    ),
    "prefix of a series twice": (
        'prefix = "F"',
        'prefix = "E"',
        "groups.fever.prefix 'E' is taken by expert; give each its own",
    ),
    "prefix of a doctor": (
        'prefix = "F"',
        'prefix = "EL"',
        "groups.fever.prefix 'EL' is taken by lin; give each its own",
    ),
    "a doctor without prefix": (
        'name = { zh = "林医生", en = "Dr Lin" }\nprefix = "L"\n',
        'name = { zh = "林医生", en = "Dr Lin" }\n',
        "the series expert counts by doctor; give lin a prefix of its own in [doctors.lin]",
    ),
    "prefix and series": (
        'series = "expert"',
        'series = "expert"\nprefix = "X"',
        "groups.expert has a series, which has a prefix; remove prefix here",
    ),
    "neither": (
        'prefix = "A"\n',
        "",
        'groups.resp.prefix is missing; add it as in prefix = "A", or name a series',
    ),
    "tier twice": (
        "tier = 50",
        "tier = 2",
        "classes.infant.tier 2 is taken by urgent; give each class its own",
    ),
    "tier of all": (
        "tier = 50",
        "tier = 100",
        "classes.infant.tier 100 is that of everybody without a class; write a smaller number",
    ),
    "urgent but last": (
        "tier = 2\n",
        "tier = 200\n",
        "classes.urgent is urgent but stands behind everybody; write a tier below 100",
    ),
    "rule id twice": (
        "[[appointments]]",
        '[[previsit]]\nid = "cough"\ngroups = ["resp"]\ntests = ["urine"]\n\n[[appointments]]',
        "previsit 'cough' stands here already; give each rule its own id",
    ),
    "visit twice": (
        "born = 2021-01-01\n",
        BASE[BASE.index("born =") :] + BASE[BASE.index("[[appointments]]") :],
        "visit V1 stands on line",
    ),
    "key twice": (
        'prefix = "A"',
        'prefix = "A"\nprefix = "B"',
        "it is not TOML: Cannot overwrite a value",
    ),
    # sessions
    "two in a room": (
        "[[previsit]]",
        session("zhou", "r1", 'days = ["wed"]', "11:00-13:00") + "[[previsit]]",
        "zhou and lin (line 94) sit at r1 at the same time, wed 11:00-12:00; change one of the times",
    ),
    "in two rooms": (
        "[[previsit]]",
        session("lin", "e1", 'days = ["tue"]', "08:00-09:00") + "[[previsit]]",
        "lin sits at e1 and at r1 (line 94) at the same time, tue 08:00-09:00; change one of the times",
    ),
    "two once": (
        "[[previsit]]",
        session("zhou", "r1", "day = 2026-03-02")
        + session("lin", "r1", "day = 2026-03-02")
        + "[[previsit]]",
        "sit at r1 at the same time, 2026-03-02 08:00-12:00",
    ),
    "days and day": (
        'days = ["mon-wed"]',
        'days = ["mon-wed"]\nday = 2026-03-02',
        "a session has either days (every week) or a day (once); remove one of them",
    ),
    "end before begin": (
        '"mon-wed"]\ntime = "08:00-12:00"',
        '"mon-wed"]\ntime = "12:00-08:00"',
        "sessions.0.time is '12:00-08:00': it must begin before it ends",
    ),
    "no time": (
        '"mon-wed"]\ntime = "08:00-12:00"',
        '"mon-wed"]\ntime = "8-12"',
        "sessions.0.time is '8-12': write from–to as in 08:00-12:00",
    ),
    "no such time": (
        '"mon-wed"]\ntime = "08:00-12:00"',
        '"mon-wed"]\ntime = "08:00-25:00"',
        "there is no such time",
    ),
    "no such day": ('"mon-wed"]', '"monday"]', "'monday' is no day; write mon, tue"),
    "empty days": (
        'days = ["mon-wed"]',
        "days = []",
        "sessions.0.days is []: write a list of days",
    ),
    "seat and session": (
        'group = "resp"\nshares',
        'group = "resp"\ndoctor = "zhou"\nshares',
        "points.r1.doctor is 'zhou', but the sessions at r1 are of lin; leave doctor out, or add a session",
    ),
    "two seats": (
        'group = "lab"',
        'group = "lab"\ndoctor = "zhou"',
        "points.l1.doctor 'zhou' sits at f1 as well; write [[sessions]]",
    ),
    "always there and elsewhere": (
        "[[previsit]]",
        session("zhou", "e1", 'days = ["sat"]') + "[[previsit]]",
        "zhou has a session at e1, but always sits at f1; write sessions for f1 as well",
    ),
    "helps its own line": (
        'group = "resp"\nshares',
        'group = "resp"\nhelps = ["resp"]\nshares',
        "points.r1.helps names its own line 'resp'; leave it out",
    ),
    "helps an unknown line": (
        'group = "resp"\nshares',
        'group = "resp"\nhelps = ["rasp"]\nshares',
        "points.r1.helps is 'rasp', which is not there; did you mean 'resp'?",
    ),
    "shares with oneself": (
        'doctor = "zhou"',
        'doctor = "zhou"\nshares = ["zhou"]',
        "points.f1.shares names 'zhou', who sits there anyway; leave it out",
    ),
    # the day
    "morning ends late": (
        'morning = "08:00-12:00"',
        'morning = "08:00-14:00"',
        "hours.afternoon begins before hours.morning ends; let them follow one another",
    ),
    "afternoon ends first": (
        'afternoon = "13:30-17:30"',
        'afternoon = "17:30-13:30"',
        "hours.afternoon is '17:30-13:30': it must begin before it ends",
    ),
    "odd period": (
        "period_minutes = 30",
        "period_minutes = 50",
        "hours.period_minutes is 50: write minutes that divide a day evenly",
    ),
    "closed day": ("2026-05-01,", '"1.5.",', "hours.closed is [..., write a day as in 2026-03-02"),
    "closed stretch": (
        "2026-10-01/2026-10-03",
        "2026-10-03/2026-10-01",
        "must begin before it ends, and last a year at most",
    ),
    # the fever route
    "no fever line": (
        'screening = true\nfever_group = "fever"',
        "screening = true",
        "groups.resp asks for a screening form, but has no fever_group",
    ),
    "fever line of itself": (
        "rules = { screening = false }",
        "",
        "groups.fever is its own fever route; write screening = false in [groups.fever.rules]",
    ),
    "a circle": (
        "rules = { screening = false }",
        'rules = { fever_group = "resp" }',
        "the fever route goes round in a circle: fever → resp → fever; write screening = false in [groups.fever.rules]",
    ),
    # figures out of bounds
    "cap 0": (
        "early_minutes = 60",
        "overtake_cap = 0",
        "rules.overtake_cap is 0: input should be greater than or equal to 1",
    ),
    "weight below 1": (
        "early_minutes = 60",
        "return_weight = 0.5",
        "rules.return_weight is 0.5: input should be greater than or equal to 1",
    ),
    "weight no number": ("early_minutes = 60", "return_weight = nan", "rules.return_weight is nan"),
    "two-stage 10": (
        "early_minutes = 60",
        "two_stage = 10",
        "rules.two_stage is 10: input should be less than or equal to 9",
    ),
    "late every 0": ("early_minutes = 60", "late_every = 0", "rules.late_every is 0"),
    "interleave 0": ("early_minutes = 60", "interleave = 0", "rules.interleave is 0"),
    "hold 0": (
        "early_minutes = 60",
        "hold_limit_minutes = 0",
        "rules.hold_limit_minutes is 0: write minutes as a whole number from 1",
    ),
    "early in words": (
        "early_minutes = 60",
        'early_minutes = "soon"',
        'rules.early_minutes is \'soon\': write minutes as in 30, "any" (any time of the day) or "none"',
    ),
    "half a minute": (
        "early_minutes = 60",
        "late_after_minutes = 2.5",
        "rules.late_after_minutes is 2.5: write minutes as a whole number",
    ),
    "minutes in quotes": (
        "early_minutes = 60",
        'walk_in_wait_minutes = "10"',
        "rules.walk_in_wait_minutes is '10': write minutes as a whole number from 0 to 1440, without quotes",
    ),
    "hours": (
        "early_minutes = 60",
        "screening_valid_hours = 0",
        "rules.screening_valid_hours is 0: write hours as a number, as in 24",
    ),
    "own doctor": (
        "early_minutes = 60",
        'own_doctor_minutes = "never"',
        "rules.own_doctor_minutes is 'never': write minutes as in 15, or \"forever\"",
    ),
    "yes": (
        "early_minutes = 60",
        'walk_ins = "yes"',
        "rules.walk_ins is 'yes': input should be a valid boolean",
    ),
    "order": (
        "early_minutes = 60",
        'order = "numbers"',
        "rules.order is 'numbers': did you mean 'number'?",
    ),
    "late": ("early_minutes = 60", 'late = "every_third"', "rules.late is 'every_third': "),
    "void first": (
        "early_minutes = 60",
        'missed = ["void", 3]',
        "rules.missed is ['void', 3]: nothing comes after \"void\"; put it last",
    ),
    "no misses": (
        "early_minutes = 60",
        "missed = []",
        "rules.missed is []: write a list, one entry a miss",
    ),
    "miss": ("early_minutes = 60", "missed = [0]", "write places as in 3 (1 to 99)"),
    "return void": (
        "early_minutes = 60",
        'returns = "void"',
        "a family with results must come back in",
    ),
    "service time": ("early_minutes = 60", "service_minutes = 0", "rules.service_minutes is 0"),
    # numbers
    "few numbers": (
        'per = "doctor"',
        'per = "doctor"\nlast = 20',
        "series.expert runs from 1 to 20; give it 50 numbers at least",
    ),
    "last before first": (
        'per = "doctor"',
        'per = "doctor"\nfirst = 800\nlast = 700',
        "series.expert runs from 800 to 700; give it 50 numbers at least",
    ),
    "narrow": (
        'per = "doctor"',
        'per = "doctor"\nwidth = 2',
        "series.expert.width 2 is too small for 999; write width = 3",
    ),
    "per": (
        'per = "doctor"',
        'per = "doktor"',
        "series.expert.per is 'doktor': did you mean 'doctor'?",
    ),
    "small prefix": (
        'prefix = "E"',
        'prefix = "e"',
        "series.expert.prefix is 'e'; use one to three capitals",
    ),
    "badge": (
        'badge = "幼"',
        'badge = "新生"',
        "classes.infant.badge is '新生': string should have at most 1 character",
    ),
    # tests before the consult, registrations
    "ages": (
        "max_age_months = 72",
        "max_age_months = 3",
        "previsit 'cough': max_age_months is below min_age_months; exchange them",
    ),
    "no tests": ('tests = ["blood"]', "tests = []", "previsit.0.tests is []"),
    "no point": (
        "[points.r1]",
        ENT + "\n[points.r1]",
        "groups.ent has no point; add a room or window for it",
    ),
    "born": ("born = 2021-01-01", "born = 1821-01-01", "the year must lie from 1900"),
    "number": ("born =", "number = -1\nborn =", "appointments.0.number is -1"),
    "paid": (
        "born =",
        'paid = "maybe"\nborn =',
        "appointments.0.paid is 'maybe': write true or false",
    ),
}
