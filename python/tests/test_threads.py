"""Threads of Python, and of ours."""

import signal
import threading
import time

import ai4fashion
import numpy as np
import photos
import pyarrow as pa
import pytest


def work():
    """A column that takes a second or so."""
    good = photos.png(photos.garment((190, 25, 35), 240, 320))
    return pa.array([good, b"text", None] * 170, pa.binary())


def seen_by_another_thread(call):
    """When another thread of Python ran during `call`, as parts of its time."""
    times, is_over = [], threading.Event()

    def watch():
        while not is_over.is_set():
            times.append(time.perf_counter())
            time.sleep(0.002)

    watcher = threading.Thread(target=watch)
    watcher.start()
    start = time.perf_counter()
    call()
    end = time.perf_counter()
    is_over.set()
    watcher.join()
    return [(moment - start) / (end - start) for moment in times]


def test_other_threads_run_while_labelling():
    files = work()
    moments = seen_by_another_thread(lambda: ai4fashion.label(files.slice(0, 255)))
    # With the lock held, none would be far from both ends.
    assert sum(0.1 < moment < 0.9 for moment in moments) > 5


def test_other_threads_run_while_classifying():
    image = np.zeros((1500, 1500, 3), np.uint8)
    moments = seen_by_another_thread(lambda: ai4fashion.classify(image))
    assert sum(0.1 < moment < 0.9 for moment in moments) >= 1


@pytest.mark.parametrize("threads", [2, 5, 255])
def test_threads_make_no_difference(files, threads):
    column = pa.chunked_array([files, files.slice(0, 0), files.slice(3)])
    types = pa.array([1, None, 0] + [None] * (len(column) - 3))
    one = ai4fashion.label(column, types, size=64)
    assert ai4fashion.label(column, types, size=64, threads=threads) == one
    assert ai4fashion.label(column.slice(0, 0), threads=threads).num_rows == 0


def test_more_rows_than_a_piece_has():
    files = work()
    whole = ai4fashion.label(files, image=False)
    assert len(whole) == len(files) > 256
    assert whole.slice(300, 3).to_pylist() == ai4fashion.label(files.slice(300, 3), image=False).to_pylist()


def test_error_with_threads_is_that_of_one():
    types = pa.array([None] * 50 + [13] + [None] * 49)
    with pytest.raises(ValueError, match="types: 13 in row 50"):
        ai4fashion.label(pa.array([b""] * 100), types, threads=4)


def test_interrupt_ends_a_long_call():
    files = pa.chunked_array([work()] * 40)

    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            ai4fashion.label(files, image=False)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
