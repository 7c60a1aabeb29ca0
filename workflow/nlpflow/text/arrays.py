"""Types of arrays and columns that several packages share."""

from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Column: TypeAlias = pa.Array | pa.ChunkedArray
"""A whole column of a table."""
Ids = NDArray[np.int32]
"""Ids of tokens."""
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Hashes = NDArray[np.uint64]
