"""Pictures in a bucket: stored, shown, backed up and restored over real HTTP, with no difference for readers."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from moto.server import ThreadedMotoServer

from betterment import env

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "eu-central-1"}

# What an installation does with a picture. Each line that it prints is a fact as JSON.
STORE_AND_SHOW = """
import io, json, django
django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.test import Client
from PIL import Image
from accounts.models import User
from pictures.models import Picture
from pictures import library as pictures
from core.html import sanitise
from pictures.files import picture_storage
from pictures.renditions import make_widths

call_command("migrate", verbosity=0)
painted = io.BytesIO()
Image.effect_noise((900, 500), 40).convert("RGB").save(painted, "JPEG")
painted.seek(0)
somebody = User.objects.create_superuser("one@example.org", password="x", name="One")
picture, _ = pictures.add(actor=somebody, file=painted, alternative_text="Noise", credit="Nobody")
name = picture.image.name
make_widths(name, picture.image.width)  # as the job runner does
storage = picture_storage()
again = storage.save(name, ContentFile(b"other bytes under the same name"))
storage.delete(name)
client = Client()

def shown(path):
    answer = client.get(path, secure=True)
    body = b"".join(answer) if answer.streaming else answer.content
    wanted = ("Content-Type", "Content-Length", "Cache-Control", "Content-Security-Policy", "X-Content-Type-Options")
    return [answer.status_code, len(body), body.hex()[:64], {key: answer.headers.get(key) for key in wanted}]

copy = name.removesuffix(".jpg") + "-400.webp"
print(json.dumps({
    "name": name, "again": again, "url": picture.image.url, "copy_url": storage.url(copy),
    "picture": shown(picture.image.url), "copy": shown("/media/" + copy),
    "absent_copy": shown("/media/" + name.removesuffix(".jpg") + "-1600.avif"),
    "absent": shown("/media/pictures/" + "0" * 64 + ".jpg"),
    "forbidden": shown("/media/secret.txt"),
    "width": Picture.objects.get().image.width,
    "html": sanitise(f'<p><img src="{picture.url}" alt="a"><img src="http://127.0.0.1/media/{name}" alt="b"></p>'),
    "files": sorted(default_storage.listdir("pictures")[1]),
}))
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    yield "http://{}:{}".format(*moto.get_host_and_port())
    moto.stop()


@pytest.fixture(scope="module")
def bucket(server) -> object:
    """Return a bucket as boto3 sees it, with a file in it that is not a picture."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in KEYS.items():
            patch.setenv(name, value)
        made = boto3.resource("s3", endpoint_url=server).Bucket("betterment-pictures")
        made.create(CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        made.put_object(Key="media/secret.txt", Body=b"secret")
    return made


@pytest.fixture(scope="module")
def first(tmp_path_factory, server, bucket, migrated_file) -> Path:
    """Return the folder of an installation that has stored a picture in the bucket."""
    folder = tmp_path_factory.mktemp("first")
    if migrated_file:  # otherwise it migrates itself, which takes seven seconds
        shutil.copy(migrated_file, folder)
    return folder


@pytest.fixture(scope="module")
def seen(first, server, bucket) -> dict:
    """Return what that installation printed about it."""
    return json.loads(run(site(first, server, bucket), "-c", STORE_AND_SHOW).splitlines()[-1])


@pytest.fixture(scope="module")
def backup(first, seen, server, bucket) -> str:
    """Return the path of a backup of it."""
    run(site(first, server, bucket), "manage.py", "backup", str(first / "site.backup"))
    return str(first / "site.backup")


def site(folder: Path, server: str, bucket: object, **changes: str) -> dict[str, str]:
    """Return the environment of an installation with its database in `folder` and its pictures in the bucket."""
    return {
        **os.environ,
        **KEYS,
        "DJANGO_SETTINGS_MODULE": "betterment.settings",
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "MEDIA_ROOT": f"{folder}/media",
        "MEDIA_STORAGE": f"s3://{bucket.name}/media?endpoint={server}&region=eu-central-1",
        **changes,
    }


def run(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def digests(bucket: object, folder: str) -> dict[str, str]:
    found = bucket.objects.filter(Prefix=f"{folder}/")
    return {
        each.key.removeprefix(f"{folder}/"): hashlib.sha256(each.get()["Body"].read()).hexdigest() for each in found
    }


def pictures_in(bucket: object, folder: str) -> dict[str, str]:
    return {name: digest for name, digest in digests(bucket, folder).items() if name.startswith("pictures/")}


def test_a_picture_lies_in_the_bucket_alone_named_by_its_content(first, seen, bucket):
    kept, name = pictures_in(bucket, "media"), seen["name"]
    assert kept[name] == Path(name).stem
    assert len(kept) == 7  # the picture, and three widths in two formats
    assert not (first / "media").exists()
    assert set(seen["files"]) == {Path(each).name for each in kept}


def test_a_picture_in_the_bucket_is_never_written_over_or_deleted(seen, bucket):
    name = seen["name"]
    assert seen["again"] == name  # different bytes were to be stored under its name, and then it was to be deleted
    assert pictures_in(bucket, "media")[name] == Path(name).stem


def test_readers_are_given_our_own_addresses(seen):
    assert seen["url"] == f"/media/{seen['name']}" and seen["copy_url"].startswith("/media/pictures/")
    assert f'src="/media/{seen["name"]}"' in seen["html"] and "127.0.0.1" not in seen["html"]


def test_a_picture_from_the_bucket_is_sent_as_one_from_the_disk(seen):
    status, length, _, headers = seen["picture"]
    assert status == 200 and length == int(headers["Content-Length"]) > 1000 and seen["width"] == 900
    assert headers["Content-Type"] == "image/jpeg" and "immutable" in headers["Cache-Control"]
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert seen["copy"][0] == 200 and seen["copy"][3]["Content-Type"] == "image/webp"


def test_in_place_of_a_copy_that_is_not_there_the_picture_itself_is_sent_for_a_while(seen):
    assert seen["absent_copy"][:3] == seen["picture"][:3]
    assert seen["absent_copy"][3]["Cache-Control"] == "public, max-age=60"


def test_what_the_bucket_holds_beside_pictures_is_never_shown(seen):
    assert [seen["absent"][0], seen["forbidden"][0]] == [404, 404]


def test_a_backup_restores_into_another_folder_of_the_bucket(tmp_path, server, bucket, backup):
    other = f"s3://{bucket.name}/other?endpoint={server}&region=eu-central-1"
    run(site(tmp_path, server, bucket, MEDIA_STORAGE=other), "manage.py", "restore", backup)
    assert digests(bucket, "other") == digests(bucket, "media")


def test_a_backup_of_a_bucket_restores_onto_a_disk(tmp_path, server, bucket, backup):
    run(site(tmp_path, server, bucket, MEDIA_STORAGE=""), "manage.py", "restore", backup)
    on_disk = [path for path in (tmp_path / "media/pictures").rglob("*") if path.is_file()]
    found = {f"pictures/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in on_disk}
    assert found == pictures_in(bucket, "media")


def test_nothing_is_restored_over_what_the_bucket_holds(tmp_path, server, bucket, backup):
    command = [sys.executable, "manage.py", "restore", backup]
    environment = site(tmp_path, server, bucket)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode != 0 and "contains files already" in done.stderr


@pytest.mark.parametrize(
    "value",
    [
        "bucket",
        "https://bucket/",
        "s3://",
        "s3://key:secret@bucket",
        "s3://bucket?endpoint=ftp://s3.example.org",
        "s3://bucket?endpoint=https://key:secret@s3.example.org",
        "s3://bucket?secret=1",
        "s3://bucket?endpoint=",
    ],
)
def test_an_address_of_another_form_is_refused_at_start(monkeypatch, value):
    monkeypatch.setenv("MEDIA_STORAGE", value)
    with pytest.raises(ImproperlyConfigured, match="MEDIA_STORAGE is not of the form"):
        env.bucket("MEDIA_STORAGE")


def test_without_a_bucket_pictures_lie_on_the_disk(monkeypatch):
    monkeypatch.setenv("MEDIA_STORAGE", "")
    assert env.bucket("MEDIA_STORAGE") is None


def test_an_address_names_bucket_folder_endpoint_and_region(monkeypatch):
    monkeypatch.setenv("MEDIA_STORAGE", "s3://pictures/site/media?endpoint=https://s3.example.org&region=eu-central-1")
    told = env.bucket("MEDIA_STORAGE")
    assert (told["bucket_name"], told["location"]) == ("pictures", "site/media")
    assert (told["endpoint_url"], told["region_name"]) == ("https://s3.example.org", "eu-central-1")
