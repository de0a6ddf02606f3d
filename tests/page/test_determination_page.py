"""The page of a determination: whole in itself, in both languages, and saying exactly what the determination says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from page.conftest import ON, Made
from page.reading import CJK, Element, check_sound, loads, read
from wenze.law import (
    Bilingual,
    Case,
    Conclusion,
    Determination,
    Library,
    State,
    case_to_json,
    determine,
    on_screen,
    read_cases,
    receipt,
    shipped,
)
from wenze.page import determination_page
from wenze.page.tongue import visible

CASES = ["sample", "7.10-部门上级", "7.10-是否已报"]
SIGNS = {"made-out": "✓", "not-made-out": "✗", "open": "?", "not-applicable": "–", "contradictory": "!"}
pages = pytest.mark.parametrize("id_", CASES)
languages = pytest.mark.parametrize("lang", ["zh", "en"])

Page = Callable[[str], Made]


@pages
def test_a_page_is_sound_html(made: Page, id_: str) -> None:
    """Tags balance, ids are used once, references lead somewhere, headings come in order."""
    check_sound(made(id_).tree)


@pages
def test_a_page_needs_nothing_else(made: Page, id_: str) -> None:
    """No script, nothing fetched from anywhere, and a policy that would forbid it."""
    tree = made(id_).tree
    assert loads(tree) == []
    assert not [one for one in tree.all() if one.tag in {"script", "link", "iframe", "object", "embed", "img"}]
    assert not [name for one in tree.all() for name in one.attributes if name.startswith("on")]
    policy = next(one for one in tree.find("meta") if one.attributes.get("http-equiv") == "Content-Security-Policy")
    assert policy.attributes["content"].startswith("default-src 'none';")
    assert "script-src" not in policy.attributes["content"]


@pages
@languages
def test_every_circumstance_is_shown_with_its_state(made: Page, id_: str, lang: str) -> None:
    page = made(id_)
    cells = _marked(page.block(lang).find(class_="glance")[0])
    assert sorted(map(_named, cells)) == sorted(map(_conclusion, page.determination.circumstances))
    for cell in cells:
        assert SIGNS[cell.attributes["data-state"]] in cell.text()


@pages
@languages
def test_every_responsibility_that_is_not_excluded_is_shown_with_its_state(made: Page, id_: str, lang: str) -> None:
    page = made(id_)
    shown = (State.MADE_OUT, State.OPEN, State.CONTRADICTORY)
    expected = [_conclusion(one) for one in page.determination.responsibilities if one.state in shown]
    cells = _marked(page.block(lang).find(class_="responsibility")[0])
    assert sorted(map(_named, cells)) == sorted(expected)
    for cell in cells:
        assert SIGNS[cell.attributes["data-state"]] in cell.text()


@pages
@languages
def test_the_answer_names_what_is_made_out_and_nothing_it_is_not(made: Page, id_: str, lang: str) -> None:
    page = made(id_)
    shown = [_named(one) for one in _marked(page.block(lang).find(class_="answer")[0])]
    both = (*page.determination.circumstances, *page.determination.responsibilities)
    everything = [_conclusion(one) for one in page.determination.all()]
    assert set(shown) <= set(everything)
    assert {_conclusion(one) for one in both if one.state is State.MADE_OUT} <= set(shown)
    assert {_conclusion(one) for one in page.determination.channels if one.state is State.MADE_OUT} <= set(shown)


@pages
def test_both_languages_have_the_same_parts(made: Page, id_: str) -> None:
    """What is said in one language is said in the other: the same sections, rows, marked states and reasons."""
    zh, en = (made(id_).block(lang) for lang in ("zh", "en"))
    counted = ("section", "article", "details", "table", "tr", "li", "blockquote", "mark", "h2", "h3")
    assert {tag: len(zh.find(tag)) for tag in counted} == {tag: len(en.find(tag)) for tag in counted}
    assert [_named(one) for one in _marked(zh)] == [_named(one) for one in _marked(en)]


@pages
def test_the_english_has_no_chinese_but_names_and_quotes(made: Page, id_: str) -> None:
    """Chinese in the English block is marked as such, and stands in the case, in the official text or in the names of the law."""
    page = made(id_)
    known = _known(page.determination)
    for element, text in page.block("en").texts():
        if not CJK.search(text):
            continue
        assert element.language().startswith("zh"), f"not marked as Chinese: {text!r}"
        if element.tag in {"p", "mark"}:
            continue  # the official text, compared below
        for run in re.findall(r"\w+", text):
            assert run in known, f"neither entered nor official: {run!r} in {text!r}"


@pages
@languages
def test_the_official_text_is_never_changed(made: Page, id_: str, lang: str) -> None:
    page = made(id_)
    articles = page.determination.law.articles
    official = {on_screen("\n".join(article.paragraphs)) for article in articles.values()}
    quoted = page.block(lang).find("blockquote")
    assert quoted
    assert {one.text() for one in quoted} <= official


def test_words_of_the_text_stand_as_their_conditions_do(made: Page) -> None:
    """7.10-是否已报: everything is proven but whether it was reported, so those words alone of the item are open."""
    item = _quoted(made("7.10-是否已报"), "（十）")
    undecided = [one.text() for one in item.find("mark", "undecided")]
    assert undecided[0] == "未" and all(words in "未按规定向上级报告" for words in undecided)
    assert {"导致决策失误", "丧失有利处置时机"} <= {one.text() for one in item.find("mark", "met")}
    assert not item.find("mark", "failed")
    made_out = _quoted(made("7.10-部门上级"), "（十）")
    assert {class_ for one in made_out.find("mark") for class_ in one.classes} == {"met"}


@pages
def test_the_receipt_on_the_page_is_that_of_the_determination(made: Page, id_: str) -> None:
    page = made(id_)
    digest = receipt(page.determination, "0.0.0")["digest"]
    for lang in ("zh", "en"):
        sealed = page.block(lang).find(class_="seal")[0]
        assert digest in sealed.text()
        assert sealed.find(class_="qr")[0].find("path")[0].attributes["d"].startswith("M")


def test_the_same_input_gives_the_same_bytes(made: Page) -> None:
    page = made("7.10-部门上级")
    again = determine(page.determination.law, page.determination.case, ON)
    assert determination_page(again, "0.0.0") == page.page


def test_a_page_opens_in_the_language_asked_for(made: Page) -> None:
    english = read(determination_page(made("7.10-部门上级").determination, "0.0.0", "en"))
    assert english.find("html")[0].attributes["lang"] == "en"
    assert [one.attributes["id"] for one in english.find("input") if "checked" in one.attributes] == ["lang-en"]


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style></svg><script>alert(2)</script>",
    "甲\u202e职\u2066乙\u200f\u200b\ufeff",
    "{{7*7}}${7*7}&lt;&amp;",
    "ا" * 300 + "长" * 300 + "W" * 2000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_stranger_entered_stays_text(made: Page, text: str) -> None:
    """Titles, evidence, findings and codes of a case may hold anything; nothing of it becomes a tag or steers the page."""
    plain = made("7.10-部门上级").determination
    page = determination_page(determine(plain.law, _hostile(plain, text), ON), "0.0.0")
    tree = read(page)
    check_sound(tree)
    assert loads(tree) == []
    assert not tree.find("script") and not tree.find("img")
    assert not [name for one in tree.all() for name in one.attributes if name.startswith("on")]
    assert not re.search("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", page)
    assert tree.find("main")[0].find("h1")[0].text() == on_screen(visible(text))


def _hostile(plain: Determination, text: str) -> Case:
    case = plain.case
    entitled = {
        name: {id_: replace(one, title=text) for id_, one in getattr(case, name).items()}
        for name in ("units", "posts", "acts", "events", "evidence", "duties")
    }
    found = {key: replace(one, by=text, reasons=text) for key, one in case.findings.items()}
    return replace(case, title=Bilingual(text, text), findings=found, **entitled)


def _marked(part: Element) -> list[Element]:
    return [one for one in part.all() if "data-rule" in one.attributes]


def _named(one: Element) -> tuple[str, ...]:
    return tuple(one.attributes[f"data-{name}"] for name in ("rule", "respondent", "act", "kind", "state"))


def _conclusion(one: Conclusion) -> tuple[str, ...]:
    return (one.rule.id, one.respondent, one.act, one.kind, str(one.state))


def _quoted(page: Made, begins: str) -> Element:
    return next(one for one in page.block("zh").find("blockquote") if one.text().startswith(begins))


def _known(determination: Determination) -> str:
    """All the Chinese that is not the page's own: what was entered, the official text, the names of the law."""
    law = determination.law
    names = [*law.facts, *law.readings, *law.rules, *law.exceptions, *law.rules_of, *law.vocabularies]
    names += [option for reading in law.readings.values() for option in reading.option_ids]
    english = [text.en for text in _english(law)]
    official = [paragraph for article in law.articles.values() for paragraph in article.paragraphs]
    return "\n".join(map(_plain, [*_strings(case_to_json(determination.case)), *names, *official, *english, "中文"]))


def _english(law: object) -> Iterable[Bilingual]:
    """The English that the instrument itself gives; it may name Chinese terms."""
    for table in ("readings", "rules", "definitions", "exceptions", "notes", "guards"):
        for one in getattr(law, table).values():
            yield from (
                value for name in one.__dataclass_fields__ if isinstance(value := getattr(one, name), Bilingual)
            )


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _plain(text: str) -> str:
    """Words without punctuation, which the screen shows in another width."""
    return "".join(char for char in text if char.isalnum())


@pytest.mark.long
def test_every_scenario_has_a_page_that_says_its_states(make: Page) -> None:
    """All the stories there are: contradictions, continuing omissions, acts without a day, respondents that are organs."""
    library = Library(shipped())
    for case in read_cases(library.cases("dehong")):
        if case.expectations:
            page = make(case.id)
            check_sound(page.tree)
            for lang in ("zh", "en"):
                cells = _marked(page.block(lang).find(class_="glance")[0])
                assert sorted(map(_named, cells)) == sorted(map(_conclusion, page.determination.circumstances))


@pytest.mark.parametrize("id_", ["10.7-看出未定", "10.1-报告人-裁定下级"])
def test_the_largest_scenarios_have_a_receipt(id_: str) -> None:
    """What can be decided can be kept: no shipped scenario is too large for its own receipt."""
    library = Library(shipped())
    case = next(one for one in read_cases(library.cases("dehong")) if one.id == id_)
    assert receipt(determine(library.law("dehong"), case, ON), "0.0.0")["digest"]


# What a decider needs who has the printed page alone


def _sections(made: Page, lang: str = "zh") -> dict[str, str]:
    """The text of each section of the sample's page; without the whole trees, which are for the screen."""
    sections = made("sample").block(lang).find("section")
    return {name: one.text() for one in sections for name in one.classes if name != "trees"}


def _card(made: Page, title: str) -> Element:
    cards = made("sample").block("zh").find(class_="card")
    return next(one for one in cards if one.find("h3")[0].text().startswith(title))


def test_what_may_not_be_relied_on_yet_is_neither_counted_nor_shown_as_made_out(made: Page) -> None:
    """The safeguard of 7(1) is open: of four circumstances that follow from the text, three may be relied on."""
    page = made("sample")
    assert "成立3项；依文本成立而尚不可依据1项；尚不能认定1项" in page.block("zh").find(class_="lead")[0].text()
    guarded = [one for one in page.block("zh").all() if "guarded" in one.classes and "data-rule" in one.attributes]
    assert {one.attributes["data-rule"] for one in guarded} == {"7.1", "10.2-相关人员"}
    held = [one for one in _card(made, "某县公安局治安大队").all() if "made" in one.classes and "badge" in one.classes]
    assert not held


def test_a_card_says_which_organ_acts_and_each_channel_with_its_reason(made: Page) -> None:
    said = _card(made, "某县公安局副局长").text()
    assert "办理机关某县纪委，管理单位某县委" in said
    assert "可以组织实施问责（第四条）" in said and "不得作出问责决定" in said
    assert "移送司法机关（应当，第十二条）：调查组2015年6月10日认定：接报不查不报" in said


def test_whoever_is_relieved_is_told_by_which_article_and_on_what_evidence(made: Page) -> None:
    said = _card(made, "某派出所所长").text()
    assert "不承担 第十条第（一）项的例外：及时如实上报的人不负责" in said and "九时二十分的报告电话（录音）" in said
    assert "会议记录或者录音是否显示该人对这一决定持不同意见？" in _sections(made)["why"]
    assert "记录在案的不同意见" in _card(made, "某县常务副县长").text()


def test_weak_evidence_is_among_what_is_open(made: Page) -> None:
    """Evidence on both sides also where a finding resolved it, evidence in a form that does not count, a record that lacks a page."""
    missing = _sections(made)["missing"]
    assert "双方都说内容是换班" in missing
    assert "形式不合要求、不起作用的证据：两名与会者的证言" in missing
    assert "材料不完整：县政府三月六日常务会议记录，缺记有副县长发言的第七页" in missing
    assert (
        "第七页；以它为据的事实涉及：某县县长、某县常务副县长、某县副县长、爆炸情报的上报、决定按原计划举办庆典"
        in missing
    )


@languages
def test_paper_says_all_it_refers_to(made: Page, lang: str) -> None:
    """No code of a reading, a safeguard or a gap, nothing to be looked up on a screen, every reading mentioned also listed."""
    page = made("sample")
    sections = _sections(made, lang)
    said = "".join(sections.values())
    law = page.determination.law
    assert not [id_ for id_ in (*law.readings, *law.guards) if id_ in said]
    assert not re.search("JSON|回执|屏幕|receipt|screen|缺口G|gap G", said)
    named = re.compile("解读([0-9]+)" if lang == "zh" else "[Rr]eading ([0-9]+)")
    assert named.findall(said) and set(named.findall(said)) == set(named.findall(sections["readings"]))


def test_a_reading_is_introduced_where_it_is_first_mentioned(made: Page) -> None:
    """With its question and the option taken; what another option makes of the result stands beside it."""
    said = _sections(made)["answer"]
    question = on_screen(made("sample").determination.law.readings["R-6.7-缺失"].question.zh)
    assert said.count(question) == 1
    assert f"（{question}本件取“缺一即可”），改取“" in said and "“全部欠缺”则不成立" in said
    english = _sections(made, "en")["answer"]
    assert english.count("Was it the superior") + english.count("Who was") == 1 and "Taken here: “" in english


def test_readings_that_change_nothing_are_not_said_to_be_depended_on(made: Page) -> None:
    """The head of 10(2) is asked of several readings, but only one alone changes the acting head of the squad's answer."""
    card = _card(made, "某县公安局治安大队").text()
    assert len(set(re.findall("取决于解读([0-9]+)", card))) == 1
    assert "无论采用哪一种解读，结论不变" in _card(made, "某县公安局副局长").text()
    opened = next(one for one in _card(made, "某县公安局治安大队").find("li", "open"))
    assert "解读" not in opened.text()  # what is missing is facts


def test_a_note_stands_only_with_those_it_speaks_of(made: Page) -> None:
    notes = _sections(made)["notes"]
    assert "只能依第八条" not in notes and "突发事件应对法" not in notes
    assert "代理、临时负责" in notes


def test_words_of_an_alternative_that_is_not_needed_are_not_marked(made: Page) -> None:
    """Art. 6(7) is met by an incident of instability; the words on ethnic or religious conflict are neither met nor failed."""
    item = _quoted(made("sample"), "（七）")
    marked = "".join(one.text() for one in item.find("mark"))
    assert "引发社会不稳定事件" in marked and "民族宗教矛盾纠纷" not in marked and "造成社会不稳定的" not in marked
    assert "未进行社会稳定风险评估" in marked
    assert "制定安全管理预案" not in marked and "组织管理不到位" not in marked  # a wider quote holds them


def test_what_two_respondents_share_is_said_once(made: Page) -> None:
    """What Art. 6(7) asks of the act and its event is spelled out for the first of the two who held the celebration, then pointed to."""
    why = _sections(made)["why"]
    question = on_screen(made("sample").determination.law.facts["活动.所缺可应对"].question.zh)
    assert why.count(question) == 1
    assert "各项条件和证据同上（某县县长，第六条第（七）项）" in why


def test_chinese_writes_days_and_marks_as_chinese_does(made: Page) -> None:
    said = "".join(_sections(made).values())
    assert not re.search("[0-9]{4}-[0-9]{2}-[0-9]{2}|[「」]|(?<=[\u4e00-\u9fff])[,;:(\\[]", said)
    assert "2015年3月8日" in said and "8 March 2015" in "".join(_sections(made, "en").values())


def test_two_safeguards_that_answer_alike_are_said_once_in_the_answer(made: Callable[[str], Made]) -> None:
    """The section on safeguards below names each."""
    grounds = [one.text() for one in made("sample").block("zh").find(class_="ground")]
    assert max(ground.count("保障") for ground in grounds) == 1


def test_whoever_is_relieved_is_told_of_what_and_by_which_readings(made: Page) -> None:
    """The head of the station answers for nothing by two readings; the dissenter did not hold the celebration anyway."""
    said = _card(made, "某派出所所长").text()
    law = made("sample").determination.law
    assert "不成立 第七条第（十）项" in said and "（免于第七条第（十）项、相应责任）" in said
    for reading in ("R-10.1-对象", "R-10.1-报告人"):
        assert on_screen(law.readings[reading].question.zh) in said
    assert "改取“本项只追究上级，没有免除任何人”则成立" in said
    dissenter = _card(made, "某县常务副县长").text()
    assert "不成立 第六条第（七）项" in dissenter and "该对象是否举办了该活动" in dissenter
    assert "记录在案的不同意见（免于共同责任）" in dissenter


def test_a_circumstance_made_out_while_responsibility_is_open_says_so(made: Page) -> None:
    said = _card(made, "某县副县长").text()
    assert "是否承担责任另行认定，尚待查清" in said and "因第六条第（七）项成立；责任尚待查清" in said
    assert "尚待查清" not in _card(made, "某县县长").text()


def test_what_rests_on_a_circumstance_not_to_be_relied_on_yet_says_so_in_the_reasons(made: Page) -> None:
    assert "决策部署：依文本成立，尚不可依据" in _sections(made)["why"]


def test_what_is_found_of_one_respondent_is_not_said_by_pointing_to_another(made: Page) -> None:
    """Both held the celebration on the same paper: said of each."""
    question = on_screen(made("sample").determination.law.facts["活动.举办"].question.zh)
    told = [one.text() for one in made("sample").block("zh").find("article", "because")]
    second = next(one for one in told if one.startswith("某县副县长") and "第六条第（七）项" in one)
    assert question in second


@languages
def test_readings_are_listed_in_the_order_of_their_numbers(made: Page, lang: str) -> None:
    section = next(one for one in made("sample").block(lang).find("section") if "readings" in one.classes)
    begun = re.compile("解读([0-9]+)：" if lang == "zh" else "reading ([0-9]+): ")
    heads = [found[1] for one in section.all() if one.tag in {"h3", "li"} and (found := begun.match(one.text()))]
    assert heads and [int(number) for number in heads] == list(range(1, len(heads) + 1))


def test_a_reading_warns_that_another_is_milder_only_where_its_table_shows_it(made: Page) -> None:
    """The mildest option on Arts. 8 and 10 side by side changes nothing here; those on 6(7) and 7(1) do."""
    articles = made("sample").block("zh").find("article", "reading")
    warned = [one.text() for one in articles if "不是对当事人最轻" in one.text()]
    assert len(warned) == 2 and not any("第八条的责任是否还适用" in one for one in warned)


def test_a_record_of_several_terms_is_said_in_the_language_of_the_page(made: Page) -> None:
    said = {lang: _sections(made, lang)["why"] for lang in ("zh", "en")}
    assert "记载为“主持、表决”" in said["zh"] and "recorded as “presided, voted”" in said["en"]


def test_what_an_organ_may_do_does_not_read_as_done_by_the_respondent(made: Page) -> None:
    said = _sections(made)["readings"]
    assert "对某派出所所长：作出问责决定（第四条）" in said and "所长：第四条" not in said


# One state, the same words wherever it is shown; every changed result with what changes it


def _reading(made: Page, question: str, id_: str = "sample") -> Element:
    """What the page of a case, the sample if none is named, says of a reading."""
    asked = on_screen(made(id_).determination.law.readings[question].question.zh)
    articles = made(id_).block("zh").find("article", "reading")
    return next(one for one in articles if asked in one.find("h3")[0].text())


@pages
@languages
def test_what_may_not_be_relied_on_is_nowhere_said_to_be_plainly_made_out(made: Page, id_: str, lang: str) -> None:
    """The answer, the tables, the trees, what is heard: every element that gives the state of a conclusion gives its reservation."""
    page = made(id_)
    held = {("7.1", "P6"), ("10.2-相关人员", "P6")} if id_ == "sample" else set()
    plain, reserved = (
        ("成立", "依文本成立，尚不可依据") if lang == "zh" else ("made out", "made out by the text, not yet")
    )
    for cell in _marked(page.block(lang).find(class_="glance")[0]) + _marked(page.block(lang).find(class_="kinds")[0]):
        if cell.attributes["data-state"] == "made-out":
            named = cell.attributes["data-rule"], cell.attributes["data-respondent"]
            assert (reserved in cell.text()) is (named in held), cell.text()
            assert plain in cell.text()


def test_the_options_of_a_reading_carry_the_reservation_of_a_safeguard(made: Page) -> None:
    """7(1) and what rests on it is made out by the text only, under the option taken as under any other."""
    chips = [one.text() for one in _reading(made, "R-7.1-来源").find("span", "chip")]
    assert "✓ 依文本成立，尚不可依据" in chips and "✓ 成立" not in chips
    assert "✓ 成立" in [one.text() for one in _reading(made, "R-6.7-缺失").find("span", "chip")]


def test_answers_that_would_make_out_what_may_not_be_relied_on_say_so(made: Page) -> None:
    """The head of the bureau is open on two rules that both rest on 7(1); the squad's 7(8) rests on itself."""
    needs = [one.text() for one in made("sample").block("zh").find("article", "needs")]
    head = [one for one in needs if one.startswith("某县公安局局长")]
    assert len(head) == 2 and all("有以下回答即依文本成立，尚不可依据" in one for one in head)
    assert any("有以下回答即成立" in one for one in needs if one.startswith("某县公安局治安大队"))
    assert "查清后至多是“依文本成立，尚不可依据”" in _card(made, "某县公安局局长").text()


def test_a_changed_result_names_what_changes_it(made: Page) -> None:
    """The reporter whom another reading reaches is told which words no longer relieve him and what then remains of his conduct."""
    said = _reading(made, "R-10.1-对象").text()
    assert "的例外“及时如实上报的人不负责”不再适用（原文“下级工作责任部门及其人员报告情报（信息）”）" in said
    assert "派出所三月六日发出的抄报电文" in said
    assert "例外不再适用" in _card(made, "某派出所所长").text()
    assert "第八条 分管领导责任：成立，因为第十条第（一）项不成立，不再排除本条" in said
    leader = _reading(made, "R-10.1-领导", "10.1-只接收").text()
    assert "该人是否直接分管该事项？ 否（已否定）；记载的参与是“接收”" in leader
    for article in made("sample").block("zh").find("article", "reading"):
        assert article.find("div", "turned")[0].find("li")
    assert "改取“评估和预案都没有，或者组织管理不到位”或者“全部欠缺”，理由" in _reading(made, "R-6.7-缺失").text()


def test_a_card_says_what_comes_in_the_place_of_a_responsibility_another_reading_takes_away(made: Page) -> None:
    """Whom another reading of 10(1) no longer reaches is not free: Art. 8 then reaches him."""
    said = _card(made, "某县公安局副局长").text()
    assert "改取“下级自身报告、处置不及时，由其领导负责”则不成立（而第八条 分管领导责任 成立）" in said


def test_an_open_channel_says_why_it_is_open(made: Page) -> None:
    """The reporter is relieved of 7(10); his channel is open only because nobody entered anything on other circumstances."""
    rows = [one for one in _reading(made, "R-10.1-报告人").find("tr") if "对某派出所所长" in one.text()]
    [row] = rows
    open_cells = [one.text() for one in row.find("td") if "尚不能认定" in one.text()]
    assert open_cells and all("只因其他情形尚未录入事实" in one for one in open_cells)


@languages
def test_readings_said_to_matter_only_together_are_shown_together(made: Page, lang: str) -> None:
    """Each of them with the others it needs; those that never make anything out or undo it stand apart."""
    section = next(one for one in made("sample").block(lang).find("section") if "readings" in one.classes)
    lists = [one for one in section.children if isinstance(one, Element) and one.tag == "ul"]
    named = re.compile("解读([0-9]+)" if lang == "zh" else "reading ([0-9]+)")
    alone, together = lists[:2]
    begun = {named.findall(one.text())[0] for one in alone.find("li")}
    assert begun and begun <= set(named.findall(together.text()))


def test_every_respondent_has_a_row_and_is_named_at_the_top(made: Page) -> None:
    """Also the head of the bureau, whom no circumstance was to be evaluated for; the first lines name all on whom something is said."""
    page = made("sample")
    glance = page.block("zh").find(class_="glance")[0].text()
    lead = page.block("zh").find(class_="lead")[0].text()
    for post in page.determination.case.posts.values():
        assert on_screen(post.title) in glance and on_screen(post.title) in lead
