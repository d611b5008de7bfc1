"""The pages of reports: who may see them, what they hold, and how they look in a browser."""

import re
import subprocess
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, expect, sync_playwright

from queue_server.reports import DAILY
from queue_server.reports.day_words import ACTS, ENDED, TABLES, WHY, WORDS
from queue_server.web import Role, pdf
from tests.queue_server.core.makers import TODAY, Day
from tests.queue_server.reports.days import REASONS, BusyDay, kept
from tests.queue_server.web.conftest import HERE
from tests.queue_server.web.desks import PASSWORD, Clinic, served
from tests.queue_server.web.report_days import app_with_reports
from tests.queue_server.web.test_screens import CHROMIUM, FLAGS

DAY = f"/reports/day/{TODAY}"


@pytest.fixture
def reports(clinic: Clinic, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(
        app_with_reports(clinic, tmp_path), base_url=HERE, follow_redirects=False
    ) as client:
        yield client


def sign_in(client: TestClient, role: Role = Role.NURSE) -> TestClient:
    data = {"name": role.value, "password": PASSWORD}
    assert client.post("/sign-in", data=data, headers={"Origin": HERE}).status_code == 303
    return client


@pytest.mark.parametrize("path", ["/reports", DAY])
def test_reports_are_for_staff(reports: TestClient, path: str) -> None:
    answer = reports.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?lang=zh&to={path}"


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_read_them(reports: TestClient, role: Role) -> None:
    sign_in(reports, role)
    assert "2026年3月2日" in reports.get(DAY).text
    assert DAY in reports.get("/reports").text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_day_has_its_charts_and_a_table_for_each(reports: TestClient, lang: str) -> None:
    html = sign_in(reports).get(f"{DAY}?lang={lang}").text
    for id in ("waits", "flow", "missed", "overtakes", "rooms"):
        part = re.search(
            rf'<section class="card report[^"]*" id="{id}">(.*?)</section>', html, re.S
        )
        assert part, id
        assert "<svg" in part[1]
        assert "<table" in part[1]
        assert ".csv" in part[1]
    for svg in re.findall(r"<svg.*?</svg>", html, re.S):
        ElementTree.fromstring(svg)  # noqa: S314  # our own page


def words_of(pdf: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"],
        input=pdf,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def test_a_day_can_be_had_as_pdf_with_its_charts(reports: TestClient) -> None:
    answer = sign_in(reports).get(f"{DAY}.pdf?lang=zh")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    said = words_of(answer.content)
    for each in ("星河儿童医院", "2026年3月2日", "各队列等候时间", "越位叫号及原因"):
        assert each in said
    assert "下载" not in said


def test_a_pdf_is_for_staff(reports: TestClient) -> None:
    assert reports.get(f"{DAY}.pdf").status_code == 401


def test_a_day_without_visits_is_a_pdf_too(reports: TestClient) -> None:
    assert "2026" in words_of(sign_in(reports).get("/reports/day/2026-04-01.pdf?lang=en").content)


def test_charts_on_paper_have_their_colours() -> None:
    hatched = '<svg class="chart hidden"><defs><pattern id="hatched"/></defs></svg>'
    html = hatched + '<svg class="chart a" b="c"><rect class="p50"/></svg>'
    dressed = pdf._dressed(html)
    assert '<svg class="chart a" b="c"><style>' in dressed
    assert "#0b6e66" in dressed
    assert "var(" not in dressed
    assert dressed.count("<pattern") == 2


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "/static/../accounts.py", "/static/design/../files.py", "/static/"]
)
def test_only_our_own_style_sheets_get_on_paper(path: str) -> None:
    with pytest.raises(ValueError, match="no file of ours"):
        pdf._own_file(path)


def test_without_its_libraries_there_is_a_sentence(
    reports: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(html: str) -> bytes:
        raise pdf.NoPdf(pdf.PANGO_MISSING)

    monkeypatch.setattr(pdf, "_in_a_process", missing)
    answer = sign_in(reports).get(f"{DAY}.pdf")
    assert answer.status_code == 503
    assert "打印页面" in answer.text


@pytest.mark.parametrize("path", ["/reports", DAY, "/reports/day/2026-04-01"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_needs_inline_code_or_another_server(
    reports: TestClient, path: str, lang: str
) -> None:
    html = sign_in(reports).get(f"{path}?lang={lang}").text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", html)
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", html)


def test_the_english_page_has_no_chinese_but_what_staff_typed(
    reports: TestClient, clinic: Clinic
) -> None:
    html = sign_in(reports).get(f"{DAY}?lang=en").text
    for known in (*REASONS, "走错科室", "家属要求", "中文"):
        html = html.replace(known, "")
    assert re.findall(r"[一-鿿]+", html) == []


def test_no_child_is_named_on_a_report_or_in_its_files(reports: TestClient, clinic: Clinic) -> None:
    sign_in(reports)
    texts = [reports.get(DAY).text, *(reports.get(f"{DAY}/{name}.csv").text for name in DAILY)]
    names = set(clinic.day.hospital.names.values())
    assert not [name for name in names if any(name in text for text in texts)]


def test_a_day_without_anything_says_so(reports: TestClient) -> None:
    html = sign_in(reports).get(f"/reports/day/{TODAY + timedelta(days=9)}").text
    assert WORDS["empty_day"].zh in html
    assert DAY in html  # the way back to the last day that has something


def test_a_journal_of_an_empty_day_is_no_error(clinic: Clinic, tmp_path: Path) -> None:
    app = app_with_reports(clinic, tmp_path, Day())
    with TestClient(app, base_url=HERE, follow_redirects=False) as client:
        sign_in(client)
        assert WORDS["no_days"].zh in client.get("/reports").text
        assert WORDS["empty_day"].zh in client.get(DAY).text


def test_a_server_without_tables_says_that_there_is_nothing(web: TestClient) -> None:
    sign_in(web)
    assert WORDS["no_days"].zh in web.get("/reports").text
    assert WORDS["empty_day"].zh in web.get(DAY).text
    assert web.get(f"{DAY}/visits.csv").text == ""


@pytest.mark.parametrize(
    "path", ["/reports/day/yesterday", f"{DAY}/nonsense.csv", f"{DAY}/groups.csv"]
)
def test_what_is_not_there_is_no_page(reports: TestClient, path: str) -> None:
    assert sign_in(reports).get(path).status_code in (404, 422)


def test_a_program_reads_csv_with_its_token(reports: TestClient, clinic: Clinic) -> None:
    answer = reports.get(f"{DAY}/waits.csv", headers=clinic.bearer(Role.ROBOT))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "2026-03-02-waits.csv" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbfday,service_group")
    assert reports.get(f"{DAY}/waits.csv").status_code == 401


def test_what_just_happened_is_on_the_page(
    reports: TestClient, clinic: Clinic, tmp_path: Path
) -> None:
    sign_in(reports)
    before = reports.get(f"{DAY}/visits.csv").text
    known = len(clinic.day.events)
    clinic.day.register("late")
    kept(clinic.day.events[known:], tmp_path)
    after = reports.get(f"{DAY}/visits.csv").text
    assert "v-late" in after
    assert "v-late" not in before


def test_many_readers_at_once_get_the_same_page(reports: TestClient) -> None:
    sign_in(reports)
    pages: list[str] = []
    threads = [
        threading.Thread(target=lambda: pages.append(reports.get(DAY).text)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pages) == 4
    assert len(set(pages)) == 1


def test_every_table_has_a_name_in_both_languages() -> None:
    assert set(DAILY) <= set(TABLES)
    for words in (WORDS, WHY, ACTS, ENDED, TABLES):
        assert all(name.zh and name.en for name in words.values())


# ---- in a browser -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield made
        made.close()


_CUT = """() => [...document.querySelectorAll('main *')]
  .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
  .filter(each => !each.closest('.scroll') && !each.closest('.unseen'))
  .map(each => each.tagName + '.' + (each.className.baseVal ?? each.className) + ': ' + each.textContent.slice(0, 30))"""
_COLLIDING = """() => {
  const found = [];
  for (const svg of document.querySelectorAll('svg.chart[role=img]')) {
    const boxes = [...svg.querySelectorAll('text')].map(each => [each.getBoundingClientRect(), each.textContent]);
    const frame = svg.getBoundingClientRect();
    boxes.forEach(([a, words], n) => {
      if (a.left < frame.left - 2 || a.right > frame.right + 2) found.push('outside: ' + words);
      for (const [b, other] of boxes.slice(n + 1))
        if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4)
          found.push(words + ' / ' + other);
    });
  }
  return found;
}"""


@pytest.mark.programs
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (703, "print"), (390, "screen")])
def test_the_day_fits_and_no_words_of_a_chart_collide(
    clinic: Clinic, browser: Browser, tmp_path: Path, lang: str, width: int, media: str
) -> None:
    with served(app_with_reports(clinic, tmp_path, BusyDay(200).live())) as url:
        page = browser.new_page(viewport={"width": width, "height": 1000})
        page.on("console", lambda said: pytest.fail(said.text) if said.type == "error" else None)
        page.goto(f"{url}{DAY}?lang={lang}")
        page.fill("input[name=name]", "nurse")
        page.fill("input[name=password]", PASSWORD)
        page.click("button.main")
        page.goto(f"{url}{DAY}?lang={lang}")
        page.emulate_media(media=media)  # type: ignore[arg-type]  # one of its words
        expect(page.locator("#rooms svg").first).to_be_visible()
        cut, colliding = page.evaluate(_CUT), page.evaluate(_COLLIDING)
        page.close()
    assert cut == []
    assert colliding == []
