"""What is where in the sample hospital: one function a floor, one line a row of rooms."""

from typing import Final

from nav_maps.sample.cells import Cell, Department, Rows, clinic, office, store, windows

_DEPARTMENTS: Final = """
    er 急诊科 5 Emergency
    fever 发热门诊 4 Fever clinic
    infect 感染科 2 Infectious diseases
    resp 呼吸内科 5 Respiratory medicine
    allergy 过敏反应科 2 Allergy
    gi 消化内科 4 Gastroenterology
    neph 肾脏内科 2 Nephrology
    neuro 神经内科 4 Neurology
    cardio 心血管内科 3 Cardiology
    surg 普外科 4 General surgery
    uro 泌尿外科 2 Urology
    ortho 骨科 4 Orthopaedics
    nsurg 神经外科 2 Neurosurgery
    ent 耳鼻喉科 4 Ear, nose and throat
    eye 眼科 3 Ophthalmology
    dental 口腔科 4 Dentistry
    derm 皮肤科 3 Dermatology
    care 儿童保健科 4 Child health
    endo 内分泌科 2 Endocrinology
    hema 血液肿瘤科 3 Haematology and oncology
    rheum 风湿免疫科 3 Rheumatology
    rehab 康复医学科 3 Rehabilitation
    psych 心理科 3 Psychology
    tcm 中医科 3 Traditional Chinese medicine
    neo 新生儿科 3 Neonatology"""


def _department(line: str) -> Department:
    key, zh, rooms, en = line.split(maxsplit=3)
    return Department(key, zh, en, int(rooms))


DEPARTMENTS: Final = tuple(_department(line) for line in _DEPARTMENTS.strip().splitlines())
"""The twenty-five departments, with their consulting rooms."""
_OF: Final = {each.key: each for each in DEPARTMENTS}


def _dept(key: str, wait: float = 7.5) -> list[Cell]:
    return clinic(_OF[key], wait=wait)


def _rooms(key: str, zh: str, en: str, count: int, share: float = 4.0) -> list[Cell]:
    """Several alike, numbered, each a place of the queue server."""
    return [
        Cell(f"{key}-{n}", f"{zh}{n}室", f"{en} {n}", share, places=(f"{key}-{n}",), department=key)
        for n in range(1, count + 1)
    ]


def _waiting(key: str, zh: str, en: str, share: float) -> Cell:
    """Where families wait for examinations: an area of the queue server."""
    return Cell(f"{key}-wait", zh, en, share, "waitingroom", "wide", False, area=key)


def basement() -> Rows:
    """B1: pictures of the inside, something to eat, the records."""
    wait = _waiting("xray", "放射科候诊区", "Radiology waiting area", 8.0)
    echo = _waiting("echo", "超声科候诊区", "Ultrasound waiting area", 8.0)
    tests = _waiting("func", "功能检查候诊区", "Function tests waiting area", 6.0)
    return (
        Rows()
        .row("R1W", wait, _rooms("xray", "X光", "X-ray", 3, 5.5), _rooms("ct", "CT", "CT", 2, 6.5), office("xray-read", "阅片室", "Reading room"))
        .row("R1E", _waiting("mri", "磁共振候诊区", "MRI waiting area", 7.0), _rooms("mri", "磁共振", "MRI", 2, 8.0),
             Cell("mri-prep", "镇静准备室", "Sedation", 5.0), _rooms("nuc", "核医学", "Nuclear medicine", 2, 6.0), store("mri-tech", "设备间", "Plant room", 5.0))
        .row("R2W", tests, _rooms("ecg", "心电图", "ECG", 3, 4.5), _rooms("eeg", "脑电图", "EEG", 2, 4.5), store("func-store"))
        .row("R2E", _rooms("lung", "肺功能", "Lung function", 2, 5.0), _rooms("endo-scope", "内镜", "Endoscopy", 2, 5.5), store("scope-store", "内镜清洗间", "Endoscope cleaning"))
        .row("R3W", office("it", "信息中心", "IT centre", 7.0), store("central", "中心库房", "Central store", 9.0), store("linen", "被服间", "Linen", 6.0))
        .row("R3E", Cell("records", "病案室", "Medical records", 8.0), Cell("copy", "病历复印", "Copies of records", 5.0), store("archive", "档案库", "Archive", 9.0))
        .row("R4W", echo, _rooms("echo", "超声", "Ultrasound", 6, 4.4), Cell("echo-heart", "心脏超声室", "Heart ultrasound", 4.6, places=("echo-7",), department="echo"))
        .row("R4E", Cell("canteen", "小行星餐厅", "Little Planet canteen", 18.0, "foodservice", "wide", amenity="foodservice"), Cell("kitchen", "厨房", "Kitchen", 8.0, "kitchen", "staff", staff_only=True),
             Cell("shop", "便利店", "Convenience shop", 7.0, amenity="shop"), Cell("play-b1", "小火车游乐角", "Little Train play corner", 7.0, "recreation", "wide"))
    )  # fmt: skip


def ground() -> Rows:
    """1F: the doors, emergency, fever clinic apart, money, drugs."""
    registration = windows(
        "register",
        "挂号收费大厅",
        "Registration and cashier",
        20.0,
        [*(f"desk-{n}" for n in range(1, 7)), *(f"cashier-{n}" for n in range(1, 6))],
        area="register",
    )
    pharmacy = windows(
        "pharmacy-hall",
        "门诊药房",
        "Pharmacy",
        20.0,
        [f"pharmacy-{n}" for n in range(1, 9)],
        area="pharmacy",
    )
    return (
        Rows()
        .row("R1W", _dept("er", 9.0), Cell("er-resus", "抢救室", "Resuscitation", 6.0, places=("er-resus",)), Cell("er-clean", "清创缝合室", "Wound care", 4.5))
        .row("R1E", registration, Cell("service", "客户服务中心", "Family services", 7.0), Cell("insure", "医保办", "Insurance office", 5.0),
             Cell("bank", "银行自助区", "Cash machines", 4.0, amenity="atm"), Cell("gift", "玩具礼品店", "Toys and gifts", 6.0))
        .row("R2W", Cell("er-obs", "急诊留观室", "Observation ward", 9.0), Cell("er-plaster", "石膏室", "Plaster room", 4.5), Cell("er-iso", "急诊隔离室", "Isolation", 4.0), office("er-office", "急诊医生办公室", "Emergency doctors", 5.0))
        .row("R2E", Cell("volunteer", "志愿者服务站", "Volunteers", 5.0), Cell("social", "社工部", "Social workers", 5.0), office("security", "保卫科", "Security", 5.0), store("wheel", "轮椅租借", "Wheelchairs", 5.0))
        .row("R3W", Cell("infusion", "输液大厅", "Infusion hall", 16.0, "waitingroom", "wide", False, places=("infusion-1", "infusion-2"), area="infusion", seats=3), Cell("inject", "注射室", "Injections", 5.0), Cell("skin", "皮试室", "Skin tests", 4.0))
        .row("R3E", Cell("fever-iso-1", "发热隔离1室", "Fever isolation 1", 5.0), Cell("fever-iso-2", "发热隔离2室", "Fever isolation 2", 5.0), Cell("fever-lab", "发热检验室", "Fever laboratory", 6.0, "laboratory", places=("fever-lab",)), Cell("fever-xray", "发热放射室", "Fever X-ray", 7.0))
        .row("R4W", Cell("herbs", "中药房", "Chinese medicines", 7.0, places=("herbs-1",)), Cell("dispense", "调剂室", "Dispensary", 10.0, "office", "staff", staff_only=True), pharmacy, Cell("advise", "用药咨询", "Medicine advice", 4.0))
        .row("R4E", _dept("fever", 7.0), _dept("infect", 5.0), Cell("fever-drugs", "发热药房", "Fever pharmacy", 4.0, places=("fever-drugs",)))
    )  # fmt: skip


def second() -> Rows:
    """2F: medicine, and the laboratory."""
    blood = windows(
        "blood-hall",
        "采血大厅",
        "Blood taking hall",
        17.0,
        [f"blood-{n}" for n in range(1, 9)],
        "lab",
        area="lab",
    )
    drop = windows(
        "drop-hall",
        "标本留取窗口",
        "Specimen windows",
        6.0,
        ["drop-1", "drop-2"],
        "lab",
        group="drop",
    )
    return (
        Rows()
        .row("R1W", _dept("resp", 9.0), _dept("allergy", 5.5))
        .row("R1E", _dept("gi", 8.0), _dept("neph", 6.0))
        .row("R2W", Cell("nebul", "雾化室", "Nebuliser room", 8.0, "waitingroom", "wide", False), Cell("lung-child", "小儿肺功能室", "Children's lung function", 5.0), office("resp-office", "呼吸内科办公室", "Respiratory offices", 6.0), store("med-store"))
        .row("R2E", Cell("breath", "呼气试验室", "Breath tests", 5.0), Cell("gut-motion", "胃肠动力室", "Gut motility", 5.0), office("gi-office", "消化内科办公室", "Gastroenterology offices", 6.0), Cell("teach-2", "健康宣教室", "Parents' classroom", 6.0, "classroom"))
        .row("R3W", Cell("chem", "生化实验室", "Chemistry laboratory", 8.0, "laboratory", "staff", staff_only=True), Cell("micro", "微生物实验室", "Microbiology", 7.0, "laboratory", "staff", staff_only=True), Cell("gene", "基因检测室", "Genetics", 6.0, "laboratory", "staff", staff_only=True), store("reagent", "试剂库", "Reagents"))
        .row("R3E", Cell("emg", "肌电图室", "EMG", 5.0, places=("emg-1",)), Cell("holter", "动态心电图室", "Holter ECG", 5.0, places=("holter-1",)), office("neuro-office", "神经内科办公室", "Neurology offices", 6.0), office("cardio-office", "心内科办公室", "Cardiology offices", 6.0))
        .row("R4W", Cell("receive", "标本接收处", "Specimen reception", 5.0, "laboratory", "staff", staff_only=True), Cell("blood-lab", "血液实验室", "Haematology laboratory", 8.0, "laboratory", "staff", staff_only=True), drop, blood, Cell("report", "报告打印区", "Report printers", 5.0, "waitingroom", "wide", False))
        .row("R4E", _dept("neuro", 7.5), _dept("cardio", 6.5))
    )  # fmt: skip


def third() -> Rows:
    """3F: surgery, and the heads' five senses."""
    return (
        Rows()
        .row("R1W", _dept("surg", 8.0), _dept("uro", 6.0))
        .row("R1E", _dept("ortho", 8.0), _dept("nsurg", 6.0))
        .row("R2W", Cell("dress", "换药室", "Dressings", 5.0), Cell("minor", "门诊手术室", "Minor surgery", 8.0), Cell("recover", "术后观察室", "Recovery", 6.0), store("sterile", "无菌库房", "Sterile store"))
        .row("R2E", Cell("cast", "支具室", "Splints", 5.0), Cell("gait", "步态分析室", "Gait laboratory", 7.0, "laboratory"), office("ortho-office", "骨科办公室", "Orthopaedics offices", 6.0), store("cast-store"))
        .row("R3W", Cell("hearing", "听力检查室", "Hearing tests", 5.0, places=("hearing-1",)), Cell("scope-ent", "喉镜室", "Laryngoscopy", 5.0, places=("scope-1",)), Cell("vision", "视力检查室", "Eye tests", 6.0, places=("vision-1",)), office("ent-office", "五官科办公室", "ENT offices", 5.0))
        .row("R3E", Cell("ortho-dent", "正畸室", "Orthodontics", 6.0), Cell("dent-xray", "口腔放射室", "Dental X-ray", 4.0), Cell("laser", "激光治疗室", "Laser treatment", 5.0), Cell("light", "光疗室", "Light therapy", 5.0))
        .row("R4W", _dept("ent", 7.5), _dept("eye", 6.5))
        .row("R4E", _dept("dental", 7.5), _dept("derm", 6.5))
    )  # fmt: skip


def fourth() -> Rows:
    """4F: growing up, getting well, and the way to the wards."""
    return (
        Rows()
        .row("R1W", _dept("care", 8.0), _dept("endo", 6.0))
        .row("R1E", _dept("hema", 7.0), _dept("rheum", 7.0))
        .row("R2W", Cell("growth", "生长发育评估室", "Growth assessment", 6.0), Cell("vaccine", "预防接种室", "Vaccinations", 6.0, places=("vaccine-1",)), Cell("nutri", "营养咨询室", "Nutrition advice", 5.0), office("care-office", "儿保科办公室", "Child health offices", 5.0))
        .row("R2E", Cell("day-chemo", "日间化疗室", "Day therapy", 10.0), Cell("transfuse", "输血室", "Transfusions", 5.0), office("hema-office", "血液科办公室", "Haematology offices", 6.0))
        .row("R3W", Cell("gym", "运动治疗大厅", "Exercise hall", 12.0, "fitnessroom", "wide", False), Cell("speech", "语言训练室", "Speech therapy", 5.0), Cell("sensory", "感统训练室", "Sensory training", 6.0))
        .row("R3E", Cell("admission", "住院服务中心", "Admissions and wards desk", 12.0, "waitingroom", "wide", False, places=("ward-desk-1", "ward-desk-2"), area="admission", seats=2), Cell("day-surg", "日间手术登记处", "Day surgery desk", 7.0, places=("day-surgery-1",)), office("nurse-office", "护理部", "Nursing office", 5.0))
        .row("R4W", _dept("rehab", 7.0), _dept("psych", 6.0), Cell("sand", "沙盘游戏室", "Sand play therapy", 5.0))
        .row("R4E", _dept("tcm", 7.0), _dept("neo", 7.0), Cell("massage", "小儿推拿室", "Massage", 4.0))
    )  # fmt: skip
