"""Where the images come from: Fashion-MNIST, or scikit-learn's digits where it cannot be had."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil, prod
from pathlib import Path

import numpy as np
import numpy.typing as npt

ENVIRONMENT_VARIABLE = "FASHION_MNIST"
DIGITS = "digits"
DEBIAN_FOLDER = Path("/usr/share/datasets/fashion-mnist")  # the package dataset-fashion-mnist

CLASSES = 10
SIDE = 28

OFFICIAL_URL = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"
# Smallest first: without a network, the first few bytes decide.
OFFICIAL_MD5 = {
    "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
    "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
    "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
    "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
}
_TIMEOUTS = 2, 20  # seconds, to connect and between two packets


@dataclass(frozen=True, eq=False)
class Split:
    """Labelled images: float32 in [0, 1] of shape (n, 28, 28), and int64 labels of shape (n,)."""

    images: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]

    def __len__(self) -> int:
        """How many images."""
        return len(self.labels)

    def first(self, n: int) -> Split:
        """The first `n` of them, or all where there are fewer."""
        return Split(self.images[:n], self.labels[:n])

    def batches(self, size: int, rng: np.random.Generator) -> Iterator[Split]:
        """All of them once, in random order; the last batch may be smaller."""
        order = rng.permutation(len(self))
        for start in range(0, len(self), size):
            chosen = order[start : start + size]
            yield Split(self.images[chosen], self.labels[chosen])


@dataclass(frozen=True, eq=False)
class Data:
    """A training and a test split.

    Attributes:
        name: For titles.
        source: For people: where they come from.
        train: To train on.
        test: To test on.
        batch_size: Images per update.
    """

    name: str
    source: str
    train: Split
    test: Split
    batch_size: int = 256

    @property
    def updates_per_epoch(self) -> int:
        """The last, smaller batch is an update, too."""
        return ceil(len(self.train) / self.batch_size)

    def limited(self, n: int) -> Data:
        """At most the first `n` training images and the first `n` test images."""
        name = f"{self.name}, cut to {n:,}"
        return replace(self, name=name, train=self.train.first(n), test=self.test.first(n))


def load(where: str | Path | None = None) -> Data:
    """Find Fashion-MNIST, in this order, and the digits where it is nowhere.

    1. `where`, else the environment variable `FASHION_MNIST`: a folder, or the word `digits`;
    2. the folder of the Debian package dataset-fashion-mnist;
    3. this user's cache, filled by the official download where it is empty.

    Args:
        where: A folder with the four idx files, or the word `digits`.

    Raises:
        ValueError: If the chosen folder lacks a file, or a file is not what it should be.
    """
    chosen = where or os.environ.get(ENVIRONMENT_VARIABLE)
    if chosen:
        return digits("as asked") if str(chosen) == DIGITS else read_folder(Path(chosen))
    if DEBIAN_FOLDER.is_dir():
        return read_folder(DEBIAN_FOLDER)
    try:
        cache = _download()
    # pooch answers a checksum that does not match with a ValueError.
    except (OSError, ValueError) as error:
        return digits(f"which could not be downloaded ({type(error).__name__})")
    return read_folder(cache)


def read_folder(folder: Path) -> Data:
    """Read the four files of Fashion-MNIST, compressed or not, from one folder."""
    train, test = (_read_split(folder, prefix) for prefix in ("train", "t10k"))
    return Data("Fashion-MNIST", f"from {folder}", train, test)


def digits(why: str) -> Data:
    """scikit-learn's 1,797 digits of 8 x 8, each pixel drawn 3 x 3, framed to 28 x 28.

    Args:
        why: For people: how "not Fashion-MNIST, ..." goes on.
    """
    from sklearn.datasets import load_digits  # slow to import, and rarely needed

    bunch = load_digits()
    large = bunch.images.repeat(3, axis=1).repeat(3, axis=2) / 16
    images = np.pad(large, ((0, 0), (2, 2), (2, 2))).astype(np.float32)
    # The file runs writer by writer: a test set of its last rows would be by strangers only.
    order = np.random.default_rng(0).permutation(len(images))
    train, test = (
        Split(images[chosen], bunch.target[chosen].astype(np.int64)) for chosen in (order[360:], order[:360])
    )
    # With 256 to a batch, 6 updates would make an epoch; with 32, a rate of 0.3 may diverge.
    return Data("scikit-learn's digits, not Fashion-MNIST", why, train, test, batch_size=128)


def read_idx(path: Path, *, dimensions: int) -> npt.NDArray[np.uint8]:
    """Read an idx file of unsigned bytes, gzipped if its name ends in `.gz`.

    Raises:
        ValueError: If the file is damaged, of another kind, or holds more or less than its header
            says. The message names the file.
    """
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        msg = f"`{path}` must be a whole gzip file, got a damaged one ({error})."
        raise ValueError(msg) from error
    # The magic number is two zero bytes, 8 for unsigned bytes, and the number of dimensions.
    magic = bytes([0, 0, 8, dimensions])
    if content[:4] != magic:
        msg = f"`{path}` must start with the idx magic number {magic.hex()}, got {content[:4].hex()!r}."
        raise ValueError(msg)
    start = 4 + 4 * dimensions
    if len(content) < start:
        msg = f"`{path}` must have an idx header of {start} bytes, got {len(content)} bytes in all."
        raise ValueError(msg)
    shape = tuple(int(n) for n in np.frombuffer(content, ">u4", dimensions, offset=4))
    if len(content) - start != prod(shape):
        sizes = " x ".join(map(str, shape))
        msg = f"`{path}` must hold {sizes} bytes of data, as its header says, got {len(content) - start}."
        raise ValueError(msg)
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def _read_split(folder: Path, prefix: str) -> Split:
    images_path = _find(folder, f"{prefix}-images-idx3-ubyte.gz")
    labels_path = _find(folder, f"{prefix}-labels-idx1-ubyte.gz")
    images = read_idx(images_path, dimensions=3)
    labels = read_idx(labels_path, dimensions=1)
    if not len(images):
        msg = f"`{images_path}` must hold at least one image, got none."
        raise ValueError(msg)
    if images.shape[1:] != (SIDE, SIDE):
        got = " x ".join(map(str, images.shape[1:]))
        msg = f"`{images_path}` must hold images of {SIDE} x {SIDE}, got {got}."
        raise ValueError(msg)
    if len(labels) != len(images):
        msg = f"`{labels_path}` must hold one label per image, {len(images)}, got {len(labels)}."
        raise ValueError(msg)
    if labels.max(initial=0) >= CLASSES:
        msg = f"`{labels_path}` must hold labels below {CLASSES}, got {labels.max()}."
        raise ValueError(msg)
    return Split(images.astype(np.float32) / 255, labels.astype(np.int64))


def _find(folder: Path, name: str) -> Path:
    for path in (folder / name, folder / name.removesuffix(".gz")):
        if path.is_file():
            return path
    msg = f"`{folder}` must be a folder with the files of Fashion-MNIST, got none named {name!r}."
    raise ValueError(msg)


def _download() -> Path:
    """Fill this user's cache with whatever it lacks, checked, and say where it is."""
    import pooch  # needed only where no folder was found

    pooch.get_logger().setLevel("WARNING")
    cache = Path(pooch.os_cache("lrsched")) / "fashion-mnist"
    downloader = pooch.HTTPDownloader(timeout=_TIMEOUTS)
    for name, md5 in OFFICIAL_MD5.items():
        pooch.retrieve(OFFICIAL_URL + name, f"md5:{md5}", fname=name, path=cache, downloader=downloader)
    return cache
