"""The signed record of a version holds with other people's libraries, and is refused with one byte changed."""

import hashlib
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import rfc8785
from django.utils import timezone
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from articles import workflow
from articles.models import ChangeKind, Rendering
from audit import keys, records, seals, verify
from audit.jobs import seal as seal_job
from audit.models import Leaf, SignedRecord
from jobs.models import Job
from jobs.registry import JobContext
from tests import newsroom
from tests.audit.sealed import tree

PROGRAM = Path(verify.__file__)


@pytest.fixture
def files(cast, signing, client, tmp_path) -> Path:
    """Return a folder with every file of a version, as the site serves them, after two other articles."""
    for title in ("Before", "Also before"):
        newsroom.published(cast, title=title)
    article = newsroom.published(cast, safety_note="<p>Not with warfarin.</p>")
    records.sign_missing()
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("record.json", "content.json", "body.html", "names.json"):
        (folder / name).write_bytes(client.get(f"/articles/{article.slug}/versions/1/{name}").content)
    (folder / "key.json").write_bytes(client.get("/.well-known/signing-keys.json").content)
    (folder / "checkpoint.txt").write_bytes(client.get("/log/checkpoint.txt").content)
    (folder / "verify.py").write_bytes(client.get("/verify.py").content)
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run the downloaded program in a process that can import nothing of the site."""
    command = [sys.executable, "-I", "verify.py", "record.json", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def verified_by_others(data: bytes) -> None:
    """Verify a record as the standards say, with PyNaCl, another JCS library and the slow tree; or raise."""
    record = json.loads(data)
    assert rfc8785.dumps(record) == data
    proof = record.pop("proof")
    signature = base58(proof.pop("proofValue"))
    public = base58(proof["verificationMethod"].partition("#")[2])
    hashes = [hashlib.sha256(rfc8785.dumps(part)).digest() for part in (proof, record)]
    assert public[:2] == b"\xed\x01" and proof["cryptosuite"] == "eddsa-jcs-2022"
    VerifyKey(public[2:]).verify(b"".join(hashes), signature)


def base58(text: str) -> bytes:
    signs = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    assert text[0] == "z"
    digits = text[1:]
    number = sum(signs.index(sign) * 58**place for place, sign in enumerate(reversed(digits)))
    zeros = len(digits) - len(digits.lstrip("1"))  # a leading "1" stands for a byte of zero
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def test_the_downloaded_program_checks_everything_offline_and_says_what_is_proved(files):
    every = ("--key", "key.json", "--content", "content.json", "--body", "body.html", "--names", "names.json")
    done = run(files, *every, "--checkpoint", "checkpoint.txt")

    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert len([line for line in lines if line.startswith("Proved: ")]) == 7
    assert "Proved: the scientists are Dr Ada, Dr Ben." in lines
    assert lines[-1].startswith("Not proved by any record: that the text is true")


def test_without_further_files_it_says_what_is_not_proved(files):
    done = run(files)
    assert done.returncode == 0
    assert "Not proved: that the key is the site's." in done.stdout
    assert done.stdout.count("Not checked: ") == 2


@pytest.mark.parametrize("option", ["", "--content", "--key"])
def test_a_file_that_is_not_there_is_named(files, option):
    if option:
        done = run(files, option, "elsewhere.json")
    else:
        (files / "record.json").unlink()
        done = run(files)
    name = "elsewhere.json" if option else "record.json"
    assert (done.returncode, done.stdout) == (verify.UNREADABLE, "")
    assert done.stderr == f"There is no file {name} here.\n"


def test_other_peoples_libraries_verify_the_record(files):
    data = (files / "record.json").read_bytes()
    verified_by_others(data)
    with pytest.raises(BadSignatureError):
        verified_by_others(data.replace(b'"version":1', b'"version":2', 1))


def test_the_digest_is_of_the_downloaded_content(files):
    subject = json.loads((files / "record.json").read_bytes())["credentialSubject"]
    done = subprocess.run(["sha256sum", "content.json", "body.html"], cwd=files, capture_output=True, text=True)
    assert [line.split()[0] for line in done.stdout.splitlines()] == [subject["contentDigest"], subject["bodyDigest"]]
    assert b"Sleep was longer by 17 minutes" in (files / "content.json").read_bytes()
    assert b"Not with warfarin" in (files / "body.html").read_bytes()


def test_a_record_with_any_one_byte_changed_is_refused(files):
    data = (files / "record.json").read_bytes()
    verify.check(verify.parse(data))
    accepted = []
    for place in range(len(data)):
        for flip in (0x01, 0x20, 0x80):
            changed = bytearray(data)
            changed[place] ^= flip
            try:
                verify.check(verify.parse(bytes(changed)))
            except verify.Refused:
                continue
            accepted.append((place, flip))
    assert len(data) > 3000 and accepted == []


CHANGES = {
    "line": lambda data: data + b"\n",
    "cut": lambda data: data[:-1],
    "spaces": lambda data: data.replace(b",", b", "),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_record_that_was_reformatted_or_cut_is_refused(files, change):
    (files / "record.json").write_bytes(change((files / "record.json").read_bytes()))
    done = run(files)
    assert done.returncode == 1 and done.stdout.startswith("REFUSED: ")


@pytest.mark.parametrize(
    ("name", "option", "words"),
    [
        ("content.json", "--content", "another text"),
        ("body.html", "--body", "another text"),
        ("names.json", "--names", "not a name that the record stands for"),
        ("checkpoint.txt", "--checkpoint", "not signed"),
        ("key.json", "--key", "does not have the key"),
    ],
)
def test_a_file_beside_the_record_that_was_changed_is_refused(files, name, option, words):
    data = (files / name).read_bytes()
    changed = {
        "names.json": (b"Dr Ada", b"Dr Adb"),
        "key.json": (b':"z6Mk', b':"z6Ml'),
        "checkpoint.txt": (b"time 2", b"time 3"),
    }
    (files / name).write_bytes(data.replace(*changed.get(name, (b"17", b"71"))))
    assert (files / name).read_bytes() != data
    done = run(files, option, name)
    assert done.returncode == 1 and words in done.stdout


def test_a_file_that_is_not_there_is_an_error_of_its_own(files):
    assert run(files, "--content", "nothing.json").returncode == 2


def test_a_record_by_another_key_is_signed_by_nobody_that_the_site_names(files, settings, tmp_path):
    """Somebody takes the record of this site and signs it with a key of their own, log and all."""
    document = json.loads((files / "record.json").read_bytes())
    proof = document.pop("proof")
    settings.SIGNING_KEY_FILE = str(tmp_path / "thief.pem")
    own = keys.make(replace=True)
    forged = records.secured(document, keys.Signer(own, keys.load()), timezone.now())
    with pytest.raises(verify.Refused, match="not signed by a key"):
        verify.check(forged)
    assert proof["created"] != forged["proof"]["created"]


def test_the_log_in_the_record_is_the_rfcs_tree(files):
    record = json.loads((files / "record.json").read_bytes())
    (log,) = record["evidence"]
    head = verify.read_checkpoint(log["checkpoint"], [verify.key_of(record)])
    leaves = [data.encode() for data in Leaf.objects.values_list("data", flat=True)]
    assert head.root == tree.mth(leaves) and head.size == 6
    assert [[bytes.fromhex(one) for one in row["path"]] for row in log["entries"]] == [
        tree.path(4, leaves),
        tree.path(5, leaves),
    ]


def test_an_earlier_checkpoint_is_compared_by_the_sites_proof(files, cast, client):
    (files / "early.txt").write_bytes((files / "checkpoint.txt").read_bytes())
    article = newsroom.published(cast, title="After")
    records.sign_missing()
    (files / "record.json").write_bytes(client.get(f"/articles/{article.slug}/versions/1/record.json").content)
    done = run(files, "--checkpoint", "early.txt")
    assert done.returncode == 0 and "Not proved: that the log of 8 entries continues that of 6" in done.stdout
    (files / "proof.json").write_bytes(client.get("/log/consistency/6/8.json").content)
    done = run(files, "--checkpoint", "early.txt", "--consistency", "proof.json")
    assert done.returncode == 0 and "Proved: the log of 8 entries begins with the 6" in done.stdout
    (files / "proof.json").write_text('{"path":[]}')
    done = run(files, "--checkpoint", "early.txt", "--consistency", "proof.json")
    assert done.returncode == 1 and "the log was rewritten between the two" in done.stdout
    assert client.get("/log/consistency/1/8.json").status_code == 404


def test_a_record_has_neither_text_nor_names(files, cast):
    data = (files / "record.json").read_text()
    for words in ("Magnesium", "Sleep was longer", *(member.name for member in cast.advisors), cast.author.name):
        assert words not in data


def test_a_withdrawn_version_keeps_its_record_and_hides_its_text(cast, signing, client):
    article = newsroom.published(cast)
    records.sign_missing()
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    address = f"/articles/{article.slug}/versions/1/"

    assert client.get(f"{address}record.json").status_code == client.get(f"{address}names.json").status_code == 200
    for name in ("content.json", "body.html"):
        answer = client.get(f"{address}{name}")
        assert answer.status_code == 410 and b"17 minutes" not in answer.content
    page = client.get(f"/articles/{article.slug}/record/").content.decode()
    assert "Signed record" in page and "Approved bytes" not in page


def test_each_version_has_a_record_under_its_number(cast, signing, client):
    article = newsroom.published(cast)
    newsroom.rewrite(cast, article, title="Corrected")
    newsroom.approve(newsroom.submit(cast, article))
    workflow.publish(article=article, actor=cast.editor, kind=ChangeKind.CORRECTION, change_note="A dose.")
    assert records.sign_missing() == 2 and records.sign_missing() == 0
    for number, kind in ((1, "first"), (2, "correction")):
        record = json.loads(client.get(f"/articles/{article.slug}/versions/{number}/record.json").content)
        verify.check(record)
        assert record["credentialSubject"]["version"] == number
        assert json.loads(record["evidence"][0]["entries"][1]["data"])["kind"] == kind
    assert client.get(f"/articles/{article.slug}/versions/3/record.json").status_code == 404


def test_what_has_not_appeared_has_no_record(cast, signing, client):
    article = newsroom.approved(cast)
    newsroom.publish(cast, article, at=timezone.now() + timedelta(hours=1))
    seals.seal()
    assert records.sign_missing() == 0
    assert client.get(f"/articles/{article.slug}/versions/1/record.json").status_code == 404


def test_another_renderer_means_another_record(cast, signing, monkeypatch):
    newsroom.published(cast)
    records.sign_missing()
    for module in ("audit.records", "articles.drafting", "articles.rendering"):
        monkeypatch.setattr(f"{module}.RENDERER", 99)
    assert records.sign_missing() == 1
    assert list(SignedRecord.objects.order_by("pk").values_list("renderer", flat=True))[1:] == [99]
    assert Rendering.objects.get().renderer == 99


def test_publishing_queues_the_signing_in_its_transaction(cast, signing):
    newsroom.published(cast)
    assert Job.objects.filter(name="audit.sign").count() == 1
    assert seal_job(JobContext(now=timezone.now())) == "2 entries sealed, 1 records signed"


def test_without_a_key_nothing_is_queued_and_the_job_says_so(cast):
    newsroom.published(cast)
    assert not Job.objects.filter(name="audit.sign").exists()
    assert "nothing is sealed" in seal_job(JobContext(now=timezone.now()))


def test_the_page_of_an_article_names_its_record_once_it_is_signed(cast, signing, client):
    article = newsroom.published(cast)
    assert b"signed record" not in client.get(f"/articles/{article.slug}/").content
    records.sign_missing()
    page = client.get(f"/articles/{article.slug}/").content.decode()
    assert f'<a href="/articles/{article.slug}/versions/1/record.json" download>signed record</a>' in page
