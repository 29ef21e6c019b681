"""``python -m qgdr_eval.cli``: the command line where no script was installed."""

from qgdr_eval.cli import main

if __name__ == "__main__":
    main()
