"""Tables as files that French spreadsheets open."""

import csv
import io

import numpy as np
import pandas as pd


def csv_bytes(table: pd.DataFrame) -> bytes:
    r"""CSV as a French survey tool writes it: UTF-8 with its mark, « ; », Windows line ends.

    >>> csv_bytes(pd.DataFrame({"Service": ["Urgences"], "Q1": [4]}))
    b'\xef\xbb\xbfService;Q1\r\nUrgences;4\r\n'
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows(np.asarray(table.astype(object)))
    return text.getvalue().encode("utf-8-sig")
