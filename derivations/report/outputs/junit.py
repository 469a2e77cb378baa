"""JUnit's XML, as programs that run tests show it: a suite a file, a case a line."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from derivations.claim import Judgement, Verdict
from derivations.reader.source import Unreadable
from derivations.report.findings import in_a_sentence, located, place_of
from derivations.report.results import FileResult, JudgedLine, Shown, has_fallen, is_proved
from derivations.report.statement import fault
from derivations.report.stdio import visible

Element = ElementTree.Element


def page(files: Sequence[FileResult]) -> str:
    """A failure is a line that has not the verdict expected, an error a file that is none."""
    root = Element("testsuites", name="derivations")
    for file in files:
        suite = ElementTree.SubElement(root, "testsuite", name=visible(file.name) or "word2vec")
        if file.results is None:
            _file_of_none(suite, file)
        else:
            for judged in file.results.lines:
                _line(suite, file.name, judged)
            for problem in file.results.problems:
                _problem(suite, file.name, problem)
            for shown in file.results.required:
                _required(suite, shown)
            for claim in file.results.claims:
                _claim(suite, claim, passes=is_proved(claim))
            for slip in file.results.slips:
                _claim(suite, slip, passes=has_fallen(slip))
        for kind in ("failure", "error"):
            count = len(suite.findall(f"./testcase/{kind}"))
            suite.set(f"{kind}s", str(count))
        suite.set("tests", str(len(suite)))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _file_of_none(suite: Element, file: FileResult) -> None:
    if file.error:
        case = ElementTree.SubElement(suite, "testcase", name=visible(file.name))
        ElementTree.SubElement(case, "error", message=visible(file.error))


def _line(suite: Element, file: str, judged: JudgedLine) -> None:
    at = located(file, place_of(judged))
    case = _case(suite, judged.line.id, judged.seconds)
    case.set("file", visible(at.file))
    case.set("line", str(at.line))
    if judged.failures:
        failure = ElementTree.SubElement(case, "failure", type=judged.verdict.value)
        failure.set("message", visible(in_a_sentence(judged)))
        failure.text = visible(f"{at}: {judged.line.latex}")


def _problem(suite: Element, file: str, problem: Unreadable) -> None:
    """A declaration or remark that is not read."""
    at = located(file, problem.place)
    case = _case(suite, f"not read: {at.line}:{at.column}", 0.0)
    case.set("file", visible(at.file))
    case.set("line", str(at.line))
    failure = ElementTree.SubElement(case, "failure", type=Verdict.NOT_READ.value)
    failure.set("message", visible(str(problem)))
    failure.text = visible(f"{at}: {problem.token}")


def _required(suite: Element, shown: Shown) -> None:
    case = _case(suite, shown.id, 0.0)
    if not shown.is_shown:
        failure = ElementTree.SubElement(case, "failure", type=shown.verdict)
        failure.set("message", visible(f"{shown.required.latex}: {shown.reason}"))


def _claim(suite: Element, judgement: Judgement, *, passes: bool) -> None:
    case = _case(suite, judgement.claim.id, judgement.seconds)
    if not passes:
        failure = ElementTree.SubElement(case, "failure", type=judgement.verdict.value)
        failure.set("message", visible(fault(judgement)))


def _case(suite: Element, name: str, seconds: float) -> Element:
    of = {"name": visible(name), "classname": suite.get("name", ""), "time": f"{seconds:.3f}"}
    return ElementTree.SubElement(suite, "testcase", of)
