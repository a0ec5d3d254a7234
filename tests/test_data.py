import gzip
import hashlib
import struct
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from fashion import data

IMAGES = (np.arange(6 * 28 * 28) % 256).astype(np.uint8).reshape(6, 28, 28)
LABELS = np.array([9, 0, 1, 2, 3, 4], np.uint8)


def idx(array):
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    return header + array.tobytes()


@pytest.fixture
def folder(tmp_path):
    """Fashion-MNIST in small: six images to train on, four to test on."""
    for prefix, n in (("train", 6), ("t10k", 4)):
        for kind, array in (("images-idx3", IMAGES[:n]), ("labels-idx1", LABELS[:n])):
            (tmp_path / f"{prefix}-{kind}-ubyte.gz").write_bytes(gzip.compress(idx(array)))
    return tmp_path


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """A machine without the data set, whose cache is a folder that begins empty."""
    pooch = pytest.importorskip("pooch")
    monkeypatch.delenv(data.ENVIRONMENT_VARIABLE, raising=False)
    monkeypatch.setattr(data, "DEBIAN_FOLDER", tmp_path / "no such folder")
    monkeypatch.setattr(pooch, "os_cache", lambda name: tmp_path / "cache" / name)
    return tmp_path / "cache/lrsched/fashion-mnist"


@pytest.fixture
def server(folder, monkeypatch):
    """The official address, on this machine."""
    handler = partial(SimpleHTTPRequestHandler, directory=folder)
    monkeypatch.setattr(SimpleHTTPRequestHandler, "log_message", lambda *_: None)
    md5 = {name: hashlib.md5((folder / name).read_bytes()).hexdigest() for name in data.OFFICIAL_MD5}
    monkeypatch.setattr(data, "OFFICIAL_MD5", md5)
    with ThreadingHTTPServer(("localhost", 0), handler) as running:
        monkeypatch.setattr(data, "OFFICIAL_URL", f"http://localhost:{running.server_port}/")
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        yield
        running.shutdown()
        thread.join()


def test_idx_files_are_read_back_as_written(folder):
    path = folder / "train-images-idx3-ubyte.gz"
    np.testing.assert_array_equal(data.read_idx(path, dimensions=3), IMAGES)


def test_a_folder_gives_floats_from_0_to_1_and_labels(folder):
    found = data.load(folder)
    assert found.name == "Fashion-MNIST"
    assert (len(found.train), len(found.test)) == (6, 4)
    np.testing.assert_array_equal(found.train.images * 255, IMAGES.astype(np.float32))
    np.testing.assert_array_equal(found.test.labels, [9, 0, 1, 2])
    assert found.train.images.dtype == np.float32
    assert found.train.labels.dtype == np.int64


def test_files_may_be_uncompressed(folder):
    for path in folder.iterdir():
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    assert len(data.load(folder).train) == 6


WHOLE = idx(IMAGES)
DAMAGED = {
    "a truncated gzip file": (gzip.compress(WHOLE)[:-20], "must be a whole gzip file"),
    "a damaged gzip file": (gzip.compress(WHOLE)[:20] + b"?" * 99, "must be a whole gzip file"),
    "no gzip file": (WHOLE, "must be a whole gzip file"),
    "an empty file": (gzip.compress(b""), "must start with the idx magic number 00000803, got ''"),
    "labels": (gzip.compress(idx(LABELS)), "must start with the idx magic number 00000803, got '00000801'"),
    "a cut header": (gzip.compress(WHOLE[:9]), "must have an idx header of 16 bytes, got 9 bytes in all"),
    "too few bytes": (gzip.compress(WHOLE[:-1]), "must hold 6 x 28 x 28 bytes .*, got 4703"),
    "too many bytes": (gzip.compress(WHOLE + b"?"), "must hold 6 x 28 x 28 bytes .*, got 4705"),
    "no images": (gzip.compress(idx(IMAGES[:0])), "must hold at least one image, got none"),
    "small images": (gzip.compress(idx(IMAGES[:, ::2])), "must hold images of 28 x 28, got 14 x 28"),
}


@pytest.mark.parametrize(("content", "message"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_named(folder, content, message):
    (folder / "train-images-idx3-ubyte.gz").write_bytes(content)
    with pytest.raises(ValueError, match=f"train-images-idx3-ubyte.gz` {message}"):
        data.load(folder)


@pytest.mark.parametrize(
    ("labels", "message"),
    [(LABELS[:5], "must hold one label per image, 6, got 5"), (LABELS + 1, "must hold labels below 10, got 10")],
)
def test_labels_must_fit_the_images(folder, labels, message):
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(labels)))
    with pytest.raises(ValueError, match=f"train-labels-idx1-ubyte.gz` {message}"):
        data.load(folder)


def test_a_missing_file_is_named(folder):
    (folder / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(ValueError, match=r"got none named 't10k-labels-idx1-ubyte\.gz'"):
        data.load(folder)


def test_the_environment_variable_names_the_folder(folder, monkeypatch):
    monkeypatch.setenv("FASHION_MNIST", str(folder))
    assert data.load().source == f"from {folder}"


def test_an_argument_comes_before_the_environment_variable(folder, monkeypatch):
    monkeypatch.setenv("FASHION_MNIST", "no such folder")
    assert data.load(folder).source == f"from {folder}"


def test_the_download_fills_the_cache(nowhere, server):
    assert data.load().source == f"from {nowhere}"
    assert {path.name for path in nowhere.iterdir()} == set(data.OFFICIAL_MD5)


def test_a_full_cache_needs_no_network(nowhere, server, monkeypatch):
    data.load()
    monkeypatch.setattr(data, "OFFICIAL_URL", "http://localhost:9/")
    assert data.load().source == f"from {nowhere}"


@pytest.mark.usefixtures("nowhere")
def test_a_wrong_checksum_is_as_good_as_no_network(server, monkeypatch):
    pytest.importorskip("sklearn")
    monkeypatch.setattr(data, "OFFICIAL_MD5", dict.fromkeys(data.OFFICIAL_MD5, "0" * 32))
    assert data.load().name == "scikit-learn's digits, not Fashion-MNIST"


@pytest.mark.usefixtures("nowhere")
def test_without_a_network_there_are_digits_and_a_reason(monkeypatch):
    pytest.importorskip("sklearn")
    monkeypatch.setattr(data, "OFFICIAL_URL", "http://localhost:9/")  # where nobody listens
    found = data.load()
    assert found.name == "scikit-learn's digits, not Fashion-MNIST"
    assert found.source == "which could not be downloaded (ConnectionError)"


def test_digits_have_the_shape_of_fashion_mnist():
    pytest.importorskip("sklearn")
    found = data.load("digits")
    assert found.train.images.shape == (1437, 28, 28)
    assert found.test.images.shape == (360, 28, 28)
    assert (found.train.images.min(), found.train.images.max()) == (0, 1)
    assert set(found.test.labels) == set(range(10))


def test_batches_hold_every_image_once_with_its_label(folder):
    train = data.load(folder).train
    batches = list(train.batches(4, np.random.default_rng(0)))
    assert [len(batch) for batch in batches] == [4, 2]
    label_of = {image.tobytes(): label for image, label in zip(train.images, train.labels, strict=True)}
    seen = [pair for batch in batches for pair in zip(batch.images, batch.labels, strict=True)]
    assert len(seen) == 6
    assert {image.tobytes(): label for image, label in seen} == label_of


def test_a_limit_cuts_both_splits_and_shows_in_the_name(folder):
    found = data.load(folder).limited(5)
    assert (len(found.train), len(found.test)) == (5, 4)
    assert found.name == "Fashion-MNIST, cut to 5"
    assert found.updates_per_epoch == 1
