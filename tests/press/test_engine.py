"""The warm engine gives what a kernel gives, and leaves nothing behind for the next notebook."""

import getpass
import importlib
import linecache
import locale
import logging
import os
import random
import re
import subprocess
import sys
import threading
import warnings

import nbformat
import numpy as np
import papermill
import pytest
from IPython.core.getipython import get_ipython
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from qgdr_eval.press.engine import NAME
from qgdr_eval.shipped import shipped
from tests.thorough import sampled, thorough

NOTEBOOKS = sorted(path.name for path in shipped("notebooks").glob("*.ipynb"))
EVERY_KIND = [
    "import sys\nprint('un')\nprint('deux')\nprint('mal', file=sys.stderr)\n3 + 4",
    "from IPython.display import display, clear_output, update_display, HTML\n"
    "display(HTML('<b>gras</b>'))\n_ + 1",
    "display({'a': 1}, 'b')\nNone",
    "x = 5;\nx;",
    "x",
    "get_ipython().last_execution_result.result",
    "try:\n    sys.stdout.write(3)\nexcept TypeError as error:\n    print(error)",
    "# rien",
    "%env QGDR_TEST=1",
    "def f():\n    return x\nf()",
    "__name__",
    "",
    "shown = display('premier', display_id='a')\ndisplay('autre', display_id='b')",
    "update_display('deuxième', display_id='a')",
    "shown.update('troisième')\ndisplay('encore', display_id='b')",
    "update_display('nulle part', display_id='?')",
    "print('x')\nclear_output()\nprint('y')",
    "print('x')\nclear_output(wait=True)\nprint('y')",
    "print('x')\nclear_output(wait=True)",
    "import asyncio\nawait asyncio.sleep(0.01)\n5",
    "async def later():\n    return 7\nawait later()",
    "%%capture taken\nprint('pris')\ndisplay(HTML('pris'))\n4",
    "taken.show()",
    "%%html\n<p>h</p>",
    "!echo bonjour",
    "lines = !echo a\nlines",
    "int?",
    "%precision 2\n3.14159",
    "type(get_ipython()).__name__",
    "class Shown:\n    def _ipython_display_(self):\n        print('moi')\nShown()",
    "class Picture:\n    def __repr__(self):\n        return 'p'\n"
    "    def _repr_png_(self):\n        return b'\\x89PNG'\nPicture()",
    "class Bundle:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
    "        return {'text/plain': 'm', 'application/json': {'a': [1, 2]}}\nBundle()",
    "import pandas as pd, numpy as np\npd.DataFrame(np.zeros((2, 30)))",
    "print(pd.DataFrame(np.zeros((2, 30))))",
    "from matplotlib.figure import Figure\nFigure()",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])",
    "plt.plot([2, 1]);",
    "fig, ax = plt.subplots()\nax.plot([3, 1])\nplt.show()\nprint('suite')",
    "fig",
    "plt.get_fignums()",
    "%matplotlib inline\nplt.plot([1, 3])\nNone",
    "alone = Figure()\nalone.subplots().plot([1, 2])\nalone",
    "pd.Series([1, 2, 3]).plot()\nNone",
    "plt.ioff()\nkept = plt.figure()\nkept.gca().plot([1])\nNone",
    "display(kept)\nplt.ion();",
    "import logging\nlogging.warning('journal')",
    "logging.basicConfig(level='INFO', force=True)\nlogging.info('journal')",
    "sys.stdin.read(), sys.stdout.encoding, sys.stdout.isatty(), sys.stdout.writable()",
    "import os\nos.environ['TERM'], os.environ['PAGER']",
    "%who_ls",
]  # fmt: skip


def notebook(path, *cells):
    """Write a notebook; a cell is a source, or one with tags."""
    made = new_notebook()
    for cell in cells:
        source, tags = cell if isinstance(cell, tuple) else (cell, [])
        made.cells.append(new_code_cell(source, metadata={"tags": tags}))
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, path)
    return str(path)


def execute(path, engine=NAME, out=None):
    """Run a notebook; a busy kernel may cut a printed text in two, which is put together again."""
    options = {"kernel_name": "python3", "progress_bar": False, "coalesce_streams": True}
    return papermill.execute_notebook(path, out, engine_name=engine, **options)


def outputs(path, engine=NAME):
    cells = execute(path, engine).cells
    return [[told(output) for output in cell.get("outputs", [])] for cell in cells]


def told(output):
    """An output without what two runs may differ in: addresses, the colours of a traceback.

    Nor the name of a form, which a page leaves out.
    """
    kept = {key: value for key, value in output.items() if key != "traceback"}
    named = re.sub(r"'model_id': '[0-9a-f]+'", "'model_id': ''", repr(kept))
    return eval(re.sub(r"0x[0-9a-f]+", "0x", named))


def value(path, engine=NAME):
    """What the last cell of a notebook gives."""
    return outputs(path, engine)[-1][-1]["data"]["text/plain"]


@pytest.mark.parametrize("name", sampled(NOTEBOOKS, "20_service.ipynb"))
def test_shipped_notebooks_give_the_same_outputs_as_a_kernel(name):
    path = str(shipped("notebooks") / name)
    assert outputs(path) == outputs(path, None)


def test_every_kind_of_output_is_as_a_kernel_gives_it(tmp_path):
    path = notebook(tmp_path / "essai.ipynb", *EVERY_KIND)
    warm, kernel = execute(path), execute(path, None)
    for one, other in zip(warm.cells, kernel.cells, strict=True):
        assert list(map(told, one.outputs)) == list(map(told, other.outputs)), one.source
        assert one.execution_count == other.execution_count


def test_much_printed_text_is_one_output(tmp_path):
    path = notebook(tmp_path / "essai.ipynb", "for i in range(200_000):\n    print('0123456789')")
    [[printed]] = outputs(path)
    assert printed["text"] == "0123456789\n" * 200_000


def test_a_cell_tagged_for_it_is_not_run(tmp_path):
    path = notebook(tmp_path / "essai.ipynb", ("1 / 0", ["skip-execution"]), "2")
    for engine in (NAME, None):
        cells = execute(path, engine).cells
        assert [cell.execution_count for cell in cells] == [None, 1]


ENDINGS = {
    "an error": ("raise ValueError('non')", "ValueError", "non"),
    "an interruption": ("raise KeyboardInterrupt", "KeyboardInterrupt", ""),
    "an exit": ("raise SystemExit(2)", "SystemExit", "2"),
    "a question": ("input('?')", "StdinNotImplementedError", "raw_input was called"),
    "a password": ("import getpass\ngetpass.getpass()", "StdinNotImplementedError", "getpass was"),
    "a mistake": ("x = = 1", "SyntaxError", "invalid syntax"),
    "a magic": ("%unknown", "CellExecutionError", ""),
    "a task": ("async def f():\n    1 / 0\nawait f()", "ZeroDivisionError", "division by zero"),
    "a figure": ("import matplotlib.pyplot as plt\nplt.plot([1], [2, 3])", "ValueError", "x and y"),
}


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("kind", ENDINGS)
def test_a_failing_cell_stops_the_run_and_is_named(tmp_path, kind):
    source, ename, evalue = ENDINGS[kind]
    path = notebook(tmp_path / "essai.ipynb", "1 + 1", source, "2 + 2")
    with pytest.raises(PapermillExecutionError) as failure:
        outputs(path)
    assert failure.value.ename == ename
    assert failure.value.evalue.startswith(evalue)
    assert (failure.value.cell_index, failure.value.exec_count) == (1, 2)


def test_a_failed_notebook_is_saved_as_after_a_kernel(tmp_path):
    path = notebook(tmp_path / "essai.ipynb", "1 + 1", "raise ValueError('non')", "2 + 2")
    saved = [saved_after_failure(path, engine, tmp_path / "fait.ipynb") for engine in (NAME, None)]
    assert saved[0] == saved[1]
    assert [cell[0] for cell in saved[0]] == ["markdown", "code", "markdown", "code", "code"]
    assert saved[0][3][2:] == ("failed", True, ["end_time", "duration"])


def saved_after_failure(path, engine, out):
    with pytest.raises(PapermillExecutionError, match="non"):
        execute(path, engine, str(out))
    cells = nbformat.read(out, as_version=4).cells
    return [
        (
            cell.cell_type,
            cell.metadata.get("tags"),
            (kept := cell.metadata.get("papermill", {})).get("status"),
            kept.get("exception"),
            [name for name in ("end_time", "duration") if kept.get(name) is not None],
        )
        for cell in cells
    ]


LEAKS = {
    "a global": ("left = 1", "'left' in globals()", "False"),
    "the last result": ("1", "'_' in globals() and _ == 1", "False"),
    "an attribute of __main__": ("import __main__; __main__.left = 1",
                                 "import __main__; hasattr(__main__, 'left')", "False"),
    "a builtin": ("import builtins; builtins.left = 1; builtins.ascii = None",
                  "import builtins; hasattr(builtins, 'left'), ascii(1)", "(False, '1')"),
    "an attribute of sys": ("import sys; sys.left = 1; sys.excepthook = None",
                            "import sys; hasattr(sys, 'left'), sys.excepthook is None",
                            "(False, False)"),
    "the environment": ("import os; os.environ['QGDR_LEFT'] = '1'; del os.environ['PATH']",
                        "import os; 'QGDR_LEFT' in os.environ, 'PATH' in os.environ",
                        "(False, True)"),
    "the folder": ("import os; os.chdir('/')", "import os; os.getcwd() == '/'", "False"),
    "drawing settings": ("import matplotlib; matplotlib.rcParams['font.size'] = 99\n"
                         "matplotlib.rcParams['font.sans-serif'].insert(0, 'left')",
                         "import matplotlib; matplotlib.rcParams['font.size'], "
                         "'left' in matplotlib.rcParams['font.sans-serif']", "(10.0, False)"),
    "a figure": ("import matplotlib.pyplot as plt; plt.ioff(); plt.figure(7);",
                 "import matplotlib.pyplot as plt; plt.get_fignums()", "[]"),
    "a colour map": ("import matplotlib as m; m.colormaps.register(m.colormaps['gray'], name='x')",
                     "import matplotlib as m; 'x' in m.colormaps", "False"),
    "an attribute of pyplot": ("import matplotlib.pyplot as p; p.left = p.plot = 1",
                               "import matplotlib.pyplot as p; hasattr(p, 'left'), p.plot == 1",
                               "(False, False)"),
    "the format of figures": ("import matplotlib.pyplot as plt; plt.figure();\n"
                              "%config InlineBackend.figure_format = 'svg'",
                              "from matplotlib_inline.config import InlineBackend as b; "
                              "b.instance().figure_formats", "{'png'}"),
    "table settings": ("import pandas as pd; pd.set_option('display.precision', 1)\n"
                       "pd.options.display.max_columns = 5",
                       "import pandas as pd; pd.get_option('display.precision'), "
                       "pd.options.display.max_columns", "(6, 20)"),
    "array settings": ("import numpy as np; np.set_printoptions(precision=1)",
                       "import numpy as np; np.get_printoptions()['precision']", "8"),
    "array errors": ("import numpy as np; np.seterr(all='raise')",
                     "import numpy as np; np.geterr()['under']", "'ignore'"),
    "decimals": ("import decimal; decimal.getcontext().prec = 3",
                 "import decimal; decimal.getcontext().prec", "28"),
    "the locale": ("import locale; locale.setlocale(locale.LC_NUMERIC, 'C.UTF-8');",
                   "import locale; locale.setlocale(locale.LC_NUMERIC)", "'C'"),
    "the log": ("import logging; logging.basicConfig(level='DEBUG', force=True)\n"
                "logging.disable(); logging.warning('x')",
                "import logging; root = logging.getLogger()\n"
                "root.level, root.handlers, root.manager.disable, root.isEnabledFor(30)",
                "(30, [], 0, True)"),
    "warning filters": ("import warnings; warnings.simplefilter('error', ResourceWarning)",
                        "import warnings; ('error', ResourceWarning) in "
                        "[(f[0], f[2]) for f in warnings.filters]", "False"),
    "the import path": ("import sys; sys.path.insert(0, '/left')",
                        "import sys; '/left' in sys.path", "False"),
    "printing": ("import sys; sys.stdout = None", "import sys; sys.stdout is None", "False"),
    "a running task": ("import asyncio\nawait asyncio.sleep(0)\n"
                       "left = asyncio.create_task(asyncio.sleep(99))\nawait asyncio.sleep(0)",
                       "import asyncio\nawait asyncio.sleep(0)\nlen(asyncio.all_tasks())", "1"),
    "a hook of the shell": ("get_ipython().events.register('pre_run_cell', lambda info: 1 / 0)\n"
                            "get_ipython().run_line_magic('alias', 'left echo')",
                            "get_ipython().find_line_magic('left') is None", "True"),
}  # fmt: skip


def process():
    """What a notebook must not change, as far as one can see from outside."""
    return (
        os.getcwd(),
        dict(os.environ),
        list(sys.path),
        list(warnings.filters),
        [vars(sys)[name] for name in ("stdin", "stdout", "stderr", "displayhook", "excepthook")],
        sys.modules["__main__"],
        locale.setlocale(locale.LC_ALL),
        logging.getLogger().isEnabledFor(logging.WARNING),
        (get_ipython(), input, getpass.getpass, list(linecache.cache)),
    )


@pytest.mark.parametrize("kind", LEAKS)
def test_a_notebook_leaves_nothing_to_the_next(tmp_path, kind):
    leave, look, expected = LEAKS[kind]
    before = process()
    outputs(notebook(tmp_path / "laisse.ipynb", leave))
    assert process() == before
    assert value(notebook(tmp_path / "cherche.ipynb", look)) == expected


def test_a_failed_notebook_leaves_nothing_either(tmp_path):
    before = process()
    with pytest.raises(PapermillExecutionError):
        outputs(notebook(tmp_path / "laisse.ipynb", "left = 1\n1 / 0"))
    assert process() == before
    assert not hasattr(sys, "last_value")


def test_chance_is_put_back_and_the_same_for_every_notebook(tmp_path):
    draw = "import random, numpy as np\nrandom.random(), np.random.rand()"
    path = notebook(tmp_path / "hasard.ipynb", draw)
    given = set()
    for seed in (7, 8):
        random.seed(seed)
        np.random.seed(seed)
        given.add(value(path))
        expected = random.Random(seed).random(), np.random.RandomState(seed).rand()
        assert (random.random(), np.random.rand()) == expected
    assert len(given) == 1


def test_a_picture_drawn_again_is_the_same(tmp_path):
    draw = "import matplotlib.pyplot as plt\nplt.plot([1, 2], label='a')\nplt.legend();"
    svg = "from matplotlib_inline.backend_inline import set_matplotlib_formats as set_\nset_('svg')"
    path = notebook(tmp_path / "essai.ipynb", svg, draw)
    assert "image/svg+xml" in outputs(path)[-1][0]["data"]
    assert outputs(path) == outputs(path)


@pytest.mark.parametrize("engine", [NAME, None])
def test_a_module_of_the_working_folder_is_found(tmp_path, monkeypatch, engine):
    (tmp_path / "qgdr_voisin.py").write_text("kept = 3")
    monkeypatch.chdir(tmp_path)
    path = notebook(tmp_path / "essai.ipynb", "import qgdr_voisin\nqgdr_voisin.kept")
    assert value(path, engine) == "3"


@pytest.mark.parametrize("name", ["qgdr_voisin.py", "qgdr_voisin/dedans.py"])
def test_a_module_beside_the_notebook_is_forgotten(tmp_path, monkeypatch, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("kept = []")
    monkeypatch.syspath_prepend(tmp_path)
    module = name.removesuffix(".py").replace("/", ".")
    adding = f"import {module} as beside\nbeside.kept.append(1)\nlen(beside.kept)"
    path = notebook(tmp_path / "essai.ipynb", adding, adding)
    assert [value(path), value(path)] == ["2", "2"]
    assert not any(name.startswith("qgdr_voisin") for name in sys.modules)


def test_a_part_of_a_package_of_this_process_is_not_forgotten(tmp_path, monkeypatch):
    for name in ("__init__", "dedans"):
        (tmp_path / "qgdr_paquet").mkdir(exist_ok=True)
        (tmp_path / "qgdr_paquet" / f"{name}.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "qgdr_paquet", importlib.import_module("qgdr_paquet"))
    outputs(notebook(tmp_path / "essai.ipynb", "import qgdr_paquet.dedans"))
    assert sys.modules.pop("qgdr_paquet.dedans") is sys.modules["qgdr_paquet"].dedans


def test_an_installed_module_is_not_forgotten(tmp_path):
    sys.modules.pop("ensurepip", None)
    outputs(notebook(tmp_path / "essai.ipynb", "import ensurepip"))
    assert "ensurepip" in sys.modules


def test_a_notebook_runs_in_a_thread(tmp_path):
    draw = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    cells = (draw, "async def later():\n    return 7", "await later()", "%time print(1)")
    path = notebook(tmp_path / "essai.ipynb", *cells)
    given = []
    thread = threading.Thread(target=lambda: given.append(execute(path)))
    thread.start()
    thread.join()
    kinds = [[output.output_type for output in cell.outputs] for cell in given[0].cells]
    assert kinds == [["display_data"], [], ["execute_result"], ["stream"]]


def test_a_notebook_runs_where_the_working_folder_was_removed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # and back at the end
    gone = tmp_path / "parti"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    made = new_notebook(cells=[new_code_cell("import os\nos.path.isdir(os.getcwd())")])
    for part in (made, *made.cells):
        part.metadata["papermill"] = {}
    engine = papermill_engines.get_engine(NAME)
    run = engine.execute_notebook(made, "python3", progress_bar=False)
    assert run.cells[0].outputs[0].data["text/plain"] == "True"


def test_a_notebook_runs_beside_another_shell(tmp_path):
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    try:
        path = notebook(tmp_path / "essai.ipynb", "left = 1\nget_ipython().user_ns['left']")
        assert value(path) == "1"
        assert get_ipython() is shell
        assert "left" not in shell.user_ns
    finally:
        InteractiveShell.clear_instance()


def test_a_process_that_draws_for_itself_goes_on(tmp_path):
    pyplot = importlib.import_module("matplotlib.pyplot")
    inline = importlib.import_module("matplotlib_inline.backend_inline")
    pyplot.switch_backend("agg")
    own = pyplot.figure(1)
    own.gca()
    draw = "import matplotlib.pyplot as plt\nprint(len(plt.figure(1).axes))\nplt.plot([1, 2]);"
    [printed, drawn], [] = outputs(notebook(tmp_path / "essai.ipynb", draw, "plt.close('all')"))
    assert printed["text"] == "0\n"
    assert "image/png" in drawn["data"]
    assert (pyplot.gcf(), pyplot.get_backend()) == (own, "agg")
    assert sys.modules["matplotlib_inline.backend_inline"] is inline
    pyplot.close(own)


def test_the_log_file_of_a_notebook_is_closed(tmp_path):
    keep = f"import logging\nlogging.basicConfig(filename={str(tmp_path / 'journal')!r})"
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        outputs(notebook(tmp_path / "essai.ipynb", keep))
    assert [warning for warning in told if warning.category is ResourceWarning] == []


@thorough
def test_figures_do_not_pile_up(tmp_path):
    """Each of fifteen notebooks draws twice 8 MB: the process must not grow by more than five."""
    draw = (
        "import numpy as np\nfrom matplotlib import pyplot as plt\n"
        "from matplotlib.figure import Figure\n"
        "kept = Figure(figsize=(1, 1))\nkept.subplots().imshow(np.ones((1000, 1000)))\n"
        "kept.itself = kept, globals()\nplt.figure(figsize=(1, 1)).itself = plt.gcf()\n"
        "plt.imshow(np.ones((1000, 1000)))\nlater = lambda: kept"
    )
    path = notebook(tmp_path / "essai.ipynb", draw)
    code = (
        "import papermill, resource\n"
        f"run = lambda: papermill.execute_notebook({path!r}, None, engine_name={NAME!r},"
        " progress_bar=False)\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
        "run(); run(); before = peak()\n"
        "for _ in range(15): run()\n"
        "print(peak() - before)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(shown.stdout) < 5 * 16


def test_prose_is_left_alone(tmp_path):
    made = nbformat.read(notebook(tmp_path / "essai.ipynb", "1"), as_version=4)
    made.cells.insert(0, new_markdown_cell("# Titre"))
    nbformat.write(made, tmp_path / "essai.ipynb")
    cells = execute(str(tmp_path / "essai.ipynb")).cells
    assert [cell.metadata.papermill.status for cell in cells] == ["completed", "completed"]


@pytest.mark.parametrize("first", sampled(["papermill", "qgdr_eval.press.engine"], "papermill"))
def test_the_engine_is_found_whichever_is_imported_first(first):
    code = (
        f"import {first}\nfrom papermill.engines import papermill_engines\n"
        f"print(papermill_engines.get_engine({NAME!r}).__name__)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "WarmEngine"
