"""quoth publish stops where claims are gone that nothing withdraws, and with --withdraw writes notices of them."""

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from quoth.release.history import diff
from quoth.release.release import Releases

from ..conftest import CORPUS
from ..small_article import BEAM, MONTH, document, write
from .commands import quoth

_GONE = ("article/bridge", "claim/bridge/a-month", "claim/bridge/beam-cracked")
NOTICE = "{id: a-month, reason: It was wrong., by: id/org/quoth, date: 2026-11-25}"
WHY = "Nobody said so: it was misread."


def publish(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return quoth("publish", "documents", "--releases", "releases", *arguments, cwd=folder)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a release of two claims."""
    folder = tmp_path_factory.mktemp("both")
    write(folder / "documents", document(BEAM + MONTH))
    result = publish(folder)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[1] == "it has 2 claims of 1 article"
    return folder


@pytest.fixture
def folder(both: Path, tmp_path: Path) -> Path:
    """A copy of it in which a test can publish."""
    subprocess.run(["cp", "-a", f"{both}/.", str(tmp_path)], check=True)
    return tmp_path


def numbers(folder: Path) -> list[int]:
    return Releases(folder / "releases").numbers()


def notices(folder: Path) -> list[str]:
    """The lines of the current release about notices, without the IRIs before their fragments."""
    lines = map(bytes.decode, diff.lines(Releases(folder / "releases").current()))
    return sorted(line.replace("http://localhost:8000/id/", "") for line in lines if "#withdrawal> " in line[:99])


def test_a_claim_that_is_gone_without_a_notice_stops_the_publication(folder: Path) -> None:
    write(folder / "documents", document(BEAM))
    result = publish(folder)
    assert (result.returncode, numbers(folder)) == (1, [1])
    assert result.stdout.splitlines() == [
        "documents/document-0.yaml: id/claim/bridge/a-month: Ada Roke warned, the article reports: “the repair would"
        " take a month”. is gone, and nothing says why"
    ]
    assert "nothing was published: 1 claim of release 1 is gone from the documents" in result.stderr
    assert "--withdraw" in result.stderr
    assert "under withdrawn" in result.stderr
    write(folder / "documents", f"withdrawn: [{NOTICE}]\n" + document(BEAM))
    result = publish(folder)
    assert result.returncode == 0, result.stderr
    assert "1 claim withdrawn" in result.stdout
    assert "- id/claim/bridge/a-month: Ada Roke warned, the article reports:" in result.stdout
    assert "(It was wrong.)" in result.stdout


@pytest.mark.parametrize("already", [False, True], ids=["no list", "a list"])
def test_a_notice_is_written_into_the_document_of_the_article(folder: Path, already: bool) -> None:
    other = "withdrawn:\n  # kept\n  - " + NOTICE.replace("a-month", "shut") + "\n"
    written = (other if already else "") + document(BEAM)
    write(folder / "documents", written)
    result = publish(folder, "--withdraw", WHY)
    assert result.returncode == 0, result.stderr
    assert "notices are written into documents/document-0.yaml" in result.stderr
    path = folder / "documents" / "document-0.yaml"
    added = [line for line in path.read_text().splitlines() if line not in written.splitlines()]
    assert "a-month" in added[-1]
    assert added[:-1] == ([] if already else ["withdrawn:"])
    assert all(line in path.read_text().splitlines() for line in written.splitlines())
    assert any(f'#comment> "{WHY}"@en' in line for line in notices(folder))
    assert any("wasAttributedTo> <org/quoth>" in line and "a-month" in line for line in notices(folder))
    # The next release has the notice, as its document does, and nothing is carried over.
    path.write_text(path.read_text().replace("Mill bridge shut", "Mill bridge closed"))
    result = publish(folder)
    assert (result.returncode, numbers(folder)) == (0, [1, 2, 3])
    assert any(WHY in line for line in notices(folder))


@pytest.mark.slow
def test_other_documents_withdraw_nothing_unless_they_say_so(folder: Path) -> None:
    """Somebody publishes an article of their own where others are."""
    shutil.rmtree(folder / "documents")
    shutil.copytree(CORPUS, folder / "documents")
    result = publish(folder, "--texts", "documents")
    assert (result.returncode, numbers(folder)) == (1, [1])
    assert "these documents have no article of release 1" in result.stderr
    assert "--releases FOLDER" in result.stderr
    assert result.stdout.startswith("no document: id/article/bridge: Mill bridge shut is gone")
    assert len(result.stdout.splitlines()) == 3
    asked = ("--texts", "documents", "--withdraw", WHY)
    before = {path: path.read_bytes() for path in (folder / "documents").iterdir()}
    unknown = publish(folder, *asked, "--withdraw-by", "id/org/nobody")
    assert unknown.returncode == 1, "the check finds who is not described"
    assert "withdrawn.yaml is as it was before" in unknown.stderr
    assert {path: path.read_bytes() for path in (folder / "documents").iterdir()} == before
    result = publish(folder, *asked)
    assert (result.returncode, numbers(folder)) == (0, [1, 2]), result.stderr
    assert len((folder / "documents" / "withdrawn.yaml").read_text().splitlines()) == 5
    assert sum("#withdraws>" in line for line in notices(folder)) == 3


@pytest.mark.slow
def test_a_notice_is_not_lost_with_its_document(folder: Path) -> None:
    write(folder / "documents", f"withdrawn: [{NOTICE[:-1]}, replacedBy: beam-cracked}}]\n" + document(BEAM))
    assert publish(folder).returncode == 0
    write(folder / "documents", document(BEAM))
    result = publish(folder)
    assert (result.returncode, numbers(folder)) == (1, [1, 2])
    assert result.stdout == (
        "documents/document-0.yaml: id/claim/bridge/a-month was withdrawn, and its notice is gone\n"
    )
    assert "1 notice of release 2 is gone" in result.stderr
    result = publish(folder, "--withdraw", WHY)
    assert result.returncode == 0, result.stderr
    assert "is unchanged" in result.stdout
    [line] = [line for line in (folder / "documents" / "document-0.yaml").read_text().splitlines() if "reason" in line]
    assert line == (
        '  - {id: id/claim/bridge/a-month, reason: "It was wrong.", by: id/org/quoth, date: 2026-11-25, replacedBy:'
        " [id/claim/bridge/beam-cracked]}"
    )


def test_a_notice_is_written_where_the_corpus_has_documents(folder: Path) -> None:
    documents = folder / "documents"
    (documents / "document-0.yaml").unlink()
    (documents / "quoth.toml").write_text('documents = ["entities"]\n', "utf-8")
    (documents / "entities").mkdir()
    who = "entities: [{id: id/org/quoth, type: Organization, label: Quoth}]\n"
    (documents / "entities" / "who.yaml").write_text(who, "utf-8")
    result = publish(folder, "--withdraw", WHY, "--withdraw-by", "id/org/quoth")
    assert (result.returncode, numbers(folder)) == (0, [1, 2]), result.stderr
    assert WHY in (documents / "entities" / "withdrawn.yaml").read_text("utf-8")


@pytest.mark.slow
def test_a_plan_publishes_nothing(folder: Path) -> None:
    write(folder / "documents", document(BEAM + MONTH.replace("warned", "said")))
    result = publish(folder, "--plan")
    assert (result.returncode, numbers(folder)) == (0, [1]), result.stderr
    assert result.stdout.splitlines() == [
        "compared with release 1: 1 claim changed",
        "~ id/claim/bridge/a-month: Ada Roke said: “the repair would take a month”. (#attribution speechAct, label)",
        "nothing was published, as only the plan was asked for",
    ]
    write(folder / "documents", document(BEAM))
    written = (folder / "documents" / "document-0.yaml").read_bytes()
    for arguments, code, says in (
        ((), 1, "--withdraw REASON"),
        (("--withdraw-by", "id/org/quoth"), 2, "give --withdraw REASON, too"),
        (("--withdraw", "wrong"), 2, "fewer than 10 characters"),
    ):
        result = publish(folder, "--dry-run", *arguments)
        assert (result.returncode, numbers(folder)) == (code, [1]), result.stderr
        assert says in result.stderr
    result = publish(folder, "--plan", "--withdraw", WHY)
    assert (result.returncode, numbers(folder)) == (0, [1]), result.stderr
    lines = result.stdout.splitlines()
    assert "(without a notice)" not in result.stdout
    assert lines[-4:] == [
        "- id/claim/bridge/a-month: Ada Roke warned, the article reports: “the repair would take a month”."
        f" (to be withdrawn: {WHY})",
        "these notices would be written into documents/document-0.yaml, under withdrawn:",
        f'  - {{id: id/claim/bridge/a-month, reason: "{WHY}", by: id/org/quoth, date: {date.today().isoformat()}}}',
        "nothing was published, as only the plan was asked for",
    ]
    [notice] = json.loads(publish(folder, "--plan", "--withdraw", WHY, "--format", "json").stdout)["notices"]
    iri = "http://localhost:8000/id/claim/bridge/a-month"
    assert (notice["document"], notice["iri"], notice["reason"]) == ("documents/document-0.yaml", iri, WHY)
    assert (folder / "documents" / "document-0.yaml").read_bytes() == written


def test_the_plan_of_notices_names_a_document_that_is_not_there_yet_and_a_notice_that_is_lost(folder: Path) -> None:
    notice = NOTICE.replace("a-month", "shut")
    write(folder / "documents", f"withdrawn: [{notice}]\n" + document(BEAM + MONTH))
    assert publish(folder).returncode == 0
    (folder / "documents" / "document-0.yaml").unlink()
    (folder / "documents" / "who.yaml").write_text("entities: [{id: id/org/quoth, type: Organization, label: Q}]\n")
    result = publish(folder, "--plan", "--withdraw", WHY)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert "these notices would be written into documents/withdrawn.yaml, which is new, under withdrawn:" in lines
    assert [line.split(", ")[:2] for line in lines if line.startswith("  - {id: ")] == [
        *([f"  - {{id: id/{path}", f'reason: "{WHY}"'] for path in _GONE),
        ["  - {id: id/claim/bridge/shut", 'reason: "It was wrong."'],
    ]
    assert not (folder / "documents" / "withdrawn.yaml").exists()


def test_the_plan_of_a_first_publication_has_names(folder: Path) -> None:
    asked = ("publish", "documents", "--releases", "others")
    result = quoth(*asked, "--plan", cwd=folder)
    head, *lines, last = result.stdout.splitlines()
    assert head.startswith("no release to compare with: ")
    assert "2 claims" in head
    named = [line for line in lines if line.startswith("+ id/claim/bridge/")]
    assert named[0].startswith("+ id/claim/bridge/a-month: Ada Roke warned")
    assert (len(named), last) == (2, "nothing was published, as only the plan was asked for")
    plan = json.loads(quoth(*asked, "--plan", "--format", "json", cwd=folder).stdout)["plan"]
    assert (plan["before"], plan["more"], plan["unnoticed"]) == (None, {}, [])
    assert {entry["label"] for entry in plan["added"] if "/claim/" in entry["iri"]} == {
        line.partition(": ")[2] for line in named
    }
    assert Releases(folder / "others").numbers() == []


@pytest.mark.slow
def test_programs_get_the_plan_as_json(folder: Path) -> None:
    unchanged = json.loads(publish(folder, "--format", "json").stdout)
    assert (unchanged["release"], unchanged["unchanged"], unchanged["plan"]) == (1, True, None)
    write(folder / "documents", document(BEAM))
    stopped = publish(folder, "--format", "json")
    found = json.loads(stopped.stdout)
    iri = "http://localhost:8000/id/claim/bridge/a-month"
    assert (stopped.returncode, found["release"], found["plan"]["unnoticed"]) == (1, None, [iri])
    assert [entry["iri"] for entry in found["plan"]["withdrawn"]] == [iri]
    done = json.loads(publish(folder, "--format", "json", "--withdraw", WHY).stdout)
    assert (done["release"], done["plan"]["before"]) == (2, 1)
    assert [entry["reason"] for entry in done["plan"]["withdrawn"]] == [WHY]


def test_another_base_stops_the_publication(folder: Path) -> None:
    result = publish(folder, "--base", "https://b.example/")
    assert (result.returncode, numbers(folder)) == (1, [1])
    assert "none of them is in the new one" in result.stderr
    assert "--releases" in result.stderr


def test_what_is_only_proposed_is_not_withdrawn_silently(folder: Path) -> None:
    write(folder / "documents", document(BEAM + MONTH, encoding="status: proposed"))
    result = publish(folder)
    assert result.returncode == 0, result.stderr
    assert "(only proposed, and left out)" in result.stdout


@pytest.mark.slow
def test_a_dataset_keeps_its_base_unless_another_one_is_given(tmp_path: Path) -> None:
    write(tmp_path / "documents", document(BEAM + MONTH))
    asked = ("publish", "documents", "--texts", "documents", "--releases", "releases", "--force")
    first, kept, moved = (
        quoth(*asked, *base, cwd=tmp_path)
        for base in (("--base", "https://a.example/"), (), ("--base", "https://b.example/"))
    )
    assert (first.returncode, kept.returncode, moved.returncode) == (0, 0, 0), kept.stderr
    assert "IRIs begin with https://a.example/, as in release 1" in kept.stderr
    assert "the IRIs of release 2 begin with https://a.example/: none of them is in the new one" in moved.stderr
    bases = [json.loads((tmp_path / "releases" / n / "manifest.json").read_text())["base"] for n in ("1", "2", "3")]
    assert bases == ["https://a.example/", "https://a.example/", "https://b.example/"]
    (tmp_path / "releases" / "current").unlink()  # as in a copy without links
    assert "IRIs begin with https://b.example/, as in release 3" in quoth(*asked, "--plan", cwd=tmp_path).stderr
