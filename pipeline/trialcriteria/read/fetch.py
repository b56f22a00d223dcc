"""Fetches one ClinicalTrials.gov record over the network."""

import os
import re
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import HTTPError, MaxRetryError

from trialcriteria.errors import FetchError

CTGOV_URL = "https://clinicaltrials.gov/api/v2/studies"
URL_VARIABLE = "TRIALCRITERIA_CTGOV_URL"

_NCT_ID = re.compile(r"NCT\d{8}")
_TIMEOUT = urllib3.Timeout(connect=5.0, read=20.0)
_RETRY = urllib3.Retry(
    total=3,
    backoff_factor=0.2,
    status_forcelist=(429, 500, 502, 503, 504),
    allowed_methods=frozenset({"GET"}),
    respect_retry_after_header=False,
    raise_on_status=False,
)
_MAX_RECORD = 64 * 1024 * 1024


def fetch_record(nct_id: str, base_url: str | None = None) -> bytes:
    """The API v2 JSON of one study.

    ``base_url`` defaults to the environment variable TRIALCRITERIA_CTGOV_URL, else to the
    registry. Server errors are tried again three times. Raises FetchError, in one line, for a
    malformed id, an unknown study, and a server that cannot be reached or goes on failing.
    """
    nct_id = nct_id.strip().upper()
    if not _NCT_ID.fullmatch(nct_id):
        raise FetchError(f"{nct_id[:40]}: not a ClinicalTrials.gov id (NCT and eight digits)")
    base = base_url or os.environ.get(URL_VARIABLE) or CTGOV_URL
    status, body = _get(nct_id, f"{base.rstrip('/')}/{nct_id}")
    if status == 404:
        raise FetchError(f"{nct_id}: no such study at {_host(base)}")
    if status != 200:
        raise FetchError(f"{nct_id}: {_host(base)} answered with status {status}; try again later")
    return body


def _get(nct_id: str, url: str) -> tuple[int, bytes]:
    with urllib3.PoolManager(timeout=_TIMEOUT, retries=_RETRY) as pool:
        try:
            response = pool.request(
                "GET", url, headers={"Accept": "application/json"}, preload_content=False
            )
            body = response.read(_MAX_RECORD + 1)
        except (HTTPError, OSError) as error:
            raise FetchError(f"{nct_id}: cannot reach {_host(url)} ({_reason(error)})") from error
    if len(body) > _MAX_RECORD:
        raise FetchError(f"{nct_id}: the answer is over {_MAX_RECORD:,} bytes")
    return response.status, body


def _host(url: str) -> str:
    return urlsplit(url).netloc or url


def _reason(error: Exception) -> str:
    """Why, in a few words: the innermost cause without addresses of objects."""
    cause = error.reason if isinstance(error, MaxRetryError) and error.reason else error
    words = str(cause).split(": ", 1)[-1]
    return f"{words}; is there a network connection?"
