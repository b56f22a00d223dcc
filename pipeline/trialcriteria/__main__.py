"""``python -m trialcriteria`` is the command-line program."""

from trialcriteria.cli import main

if __name__ == "__main__":
    main()
