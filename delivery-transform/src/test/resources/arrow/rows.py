# Prints each row of each file, *.parquet or *.orc, as Arrow's C++ readers see it: one line of JSON, a list of its columns.
# python rows.py FILE...
# Numbers, days and times are texts, which lose no digit; bytes are hexadecimal; a map is a list of pairs.
import datetime
import json
import sys

import pyarrow.orc
import pyarrow.parquet
from pyarrow import types

PER_SECOND = {'s': 1, 'ms': 10**3, 'us': 10**6, 'ns': 10**9}


def shown(scalar):
    kind = scalar.type
    if not scalar.is_valid:
        return None
    if types.is_map(kind):
        return [[shown(entry[0]), shown(entry[1])] for entry in scalar.values]
    if types.is_list(kind):
        return [shown(element) for element in scalar.values]
    if types.is_struct(kind):
        return {kind.field(i).name: shown(scalar[i]) for i in range(kind.num_fields)}
    if types.is_timestamp(kind):
        seconds, rest = divmod(scalar.value, PER_SECOND[kind.unit])
        second = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
        return '%s.%09d' % (second.isoformat(), rest * (10**9 // PER_SECOND[kind.unit]))
    value = scalar.as_py()
    if types.is_boolean(kind):
        return value
    if types.is_binary(kind):
        return value.hex()
    if types.is_decimal(kind):
        return format(value, 'f')
    return str(value)


for path in sys.argv[1:]:
    table = pyarrow.orc.read_table(path) if path.endswith('.orc') else pyarrow.parquet.read_table(path)
    for row in range(table.num_rows):
        print(json.dumps([shown(column[row]) for column in table.columns]))
