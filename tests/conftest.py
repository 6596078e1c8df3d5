"""Rules that all tests share: what may be missing from a machine, and what then happens.

A test that needs Chromium, node, PyTorch or JAX asks for the fixture of that name. Where the thing is missing the test
skips and says what to install; under CI=true it fails instead. No test at all may skip under CI=true.
"""

import os
import shutil
import signal
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from autograd_lab.language import language, set_language

ON_CI = os.environ.get("CI") == "true"
REPOSITORY = Path(__file__).resolve().parent.parent

# No deadline: a first call compiles, loads or meets a busy machine. The same examples each time: a red run can be repeated.
settings.register_profile("repeatable", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("repeatable")


def missing(what, remedy):
    """Skip the test that needs `what`; under CI=true fail it."""
    message = f"{what} is not installed: {remedy}"
    if ON_CI:
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def program(what, remedy, *names):
    """The path of the first of these programs that there is."""
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    return missing(what, remedy)


def engine(name):
    """Another automatic differentiation engine, to compare with."""
    try:
        return import_module(name)
    except ImportError:
        return missing(name, f'pip install "autograd_lab[{name}]"')


MOST_WORKERS = 4  # a Jupyter server and a browser each


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """Let `pytest` alone use the cores that there are, a file at a time on each, where pytest-xdist is installed."""
    whole = config.args_source is not pytest.Config.ArgsSource.ARGS
    parallel = config.pluginmanager.hasplugin("xdist") and not hasattr(config, "workerinput")
    if whole and parallel and config.option.numprocesses is None and not (config.option.usepdb or config.option.collectonly):
        # One more than there are cores: a test that drives a browser or a kernel waits for it half of the time.
        config.option.numprocesses = min((os.cpu_count() or 1) + 1, MOST_WORKERS)
        config.option.dist = "loadfile"
        config.option.loadscopereorder = False  # the order below says which files go first


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """On several cores put the files that take long first: at the end there is then something small for each."""
    if hasattr(config, "workerinput"):
        marked = (item.path for item in items if any(map(item.get_closest_marker, ("browser", "slow"))))
        long = {*marked, *(item.path for item in items if item.path.suffix == ".ipynb")}
        items.sort(key=lambda item: item.path not in long)


@pytest.fixture(autouse=True)
def _spoken_before():
    """Leave the language as it was: what a test runs, such as a lesson, may set another."""
    before = language()
    yield
    set_language(before)


@pytest.fixture
def interruptible():
    """Programs started here hear Ctrl+C: what a shell runs in the background ignores it, and hands that on."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def repository():
    return REPOSITORY


@pytest.fixture(scope="session")
def artifacts():
    """A folder, ignored by git, for what a person may want to look at after a run."""
    folder = REPOSITORY / "tests" / "artifacts"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def chromium():
    return program("Chromium", "apt-get install chromium", "chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def node():
    return program("node", "apt-get install nodejs", "node", "nodejs")


@pytest.fixture(scope="session")
def torch():
    return engine("torch")


@pytest.fixture(scope="session")
def jax():
    jax = engine("jax")
    jax.config.update("jax_enable_x64", True)
    return jax


_skipped = []


def pytest_runtest_logreport(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(report.nodeid)


def pytest_collectreport(report):
    if report.skipped:
        _skipped.append(report.nodeid)


def pytest_sessionfinish(session):
    if ON_CI and _skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    if ON_CI and _skipped:
        terminalreporter.section("skipped under CI=true, where nothing may be")
        for nodeid in _skipped:
            terminalreporter.line(nodeid)
