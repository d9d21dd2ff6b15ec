"""The decoder is a process of its own: limited, without access to anything, and free to crash."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from pictures import files
from pictures.files import prepare_picture


def code() -> str:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    with pytest.raises(ValidationError) as caught:
        prepare_picture(out.getvalue())
    return caught.value.code


def test_a_picture_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(files, "LONGEST_WAIT", 0.001)
    assert code() == "picture_timeout"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "picture_timeout"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "picture_timeout"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "picture_broken"),
        ("raise MemoryError", "picture_broken"),
        ("", "picture_broken"),
    ],
)
def test_a_decoder_that_falls_over_is_an_error_of_the_picture_only(monkeypatch, tmp_path, script, expected):
    decoder = tmp_path / "decoder.py"
    decoder.write_text(script)
    monkeypatch.setattr(files, "_DECODER", decoder)
    assert code() == expected


def test_the_decoder_sees_no_secret_of_the_site(monkeypatch, tmp_path):
    decoder = tmp_path / "decoder.py"
    decoder.write_text(
        "import json, os, sys\nprint(json.dumps({'extension': [*os.environ, *sys.path], 'width': 1, 'height': 1}))"
    )
    monkeypatch.setattr(files, "_DECODER", decoder)
    monkeypatch.setenv("SECRET_KEY", "secret")
    seen = prepare_picture(b"x").extension
    assert "SECRET_KEY" not in seen
    assert str(Path.cwd()) not in seen


def test_the_decoder_has_bounds_for_memory_time_and_files(tmp_path):
    decoder = Path(files.__file__).with_name("decoder.py")
    script = (
        "import resource, runpy\n"
        f"ns = runpy.run_path({str(decoder)!r})\n"
        "ns['limit_resources']()\n"
        "assert resource.getrlimit(resource.RLIMIT_CPU)[0] <= ns['MOST_SECONDS']\n"
        "try:\n    bytearray(ns['MOST_MEMORY'])\nexcept MemoryError:\n    print('memory')\n"
        f"try:\n    open({str(tmp_path / 'x')!r}, 'wb', 0).write(b'x')\nexcept OSError:\n    print('files')\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["memory", "files"]
