"""``python -m trialcriteria`` is the command-line program."""

from trialcriteria.cli import main

main()
