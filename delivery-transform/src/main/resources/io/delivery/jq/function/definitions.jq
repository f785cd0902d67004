# Functions that jq 1.6 defines in jq, so that they do what they do there in every corner. Most follow jq's
# own definitions:
#
# jq is copyright (C) 2012 Stephen Dolan
#
# Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
# associated documentation files (the "Software"), to deal in the Software without restriction, including
# without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
# copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
# following conditions:
#
# The above copyright notice and this permission notice shall be included in all copies or substantial
# portions of the Software.
#
# THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
# LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO
# EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER
# IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR
# THE USE OR OTHER DEALINGS IN THE SOFTWARE.
#
# One definition in a paragraph; a name that begins with _ is of io.delivery.jq.function.Functions.

def error: error(.);

def map(f): [.[] | f];

def select(f): if f then . else empty end;

def recurse: recurse(.[]?);

def recurse(f; cond): recurse(f | select(cond));

def recurse_down: recurse;

def map_values(f): .[] |= f;

def to_entries: [keys_unsorted[] as $k | {key: $k, value: .[$k]}];

def from_entries:
  map({(.key // .Key // .name // .Name): (if has("value") then .value else .Value end)}) | add | . //= {};

def with_entries(f): to_entries | map(f) | from_entries;

def index($i): indices($i) | .[0];

def rindex($i): indices($i) | .[-1:][0];

def paths: path(recurse(if (type | . == "array" or . == "object") then .[] else empty end)) | select(length > 0);

def paths(f): . as $dot | paths | select(. as $p | $dot | getpath($p) | f);

def leaf_paths: paths(scalars);

def any(generator; condition):
  [label $out | foreach generator as $i (false;
    if . then break $out elif $i | condition then true else . end;
    if . then . else empty end)] | length == 1;

def any(condition): any(.[]; condition);

def any: any(.);

def all(generator; condition):
  [label $out | foreach generator as $i (true;
    if . | not then break $out elif $i | condition then . else false end;
    if . | not then . else empty end)] | length == 0;

def all(condition): all(.[]; condition);

def all: all(.);

def isfinite: type == "number" and (isinfinite | not);

def arrays: select(type == "array");

def objects: select(type == "object");

def iterables: arrays, objects;

def booleans: select(type == "boolean");

def numbers: select(type == "number");

def normals: select(isnormal);

def finites: select(isfinite);

def strings: select(type == "string");

def nulls: select(type == "null");

def values: select(. != null);

def scalars: select(. == null or . == true or . == false or type == "number" or type == "string");

def scalars_or_empty:
  select(. == null or . == true or . == false or type == "number" or type == "string"
    or ((type == "array" or type == "object") and length == 0));

def flatten: _flatten(-1);

def flatten($x): if $x < 0 then error("flatten depth must not be negative") else _flatten($x) end;

def range($x): range(0; $x);

def sort_by(f): _sort_by(map([f]));

def group_by(f): _group_by(map([f]));

def min_by(f): _min_by(map([f]));

def max_by(f): _max_by(map([f]));

def unique: group_by(.) | map(.[0]);

def unique_by(f): group_by(f) | map(.[0]);

def first: .[0];

def first(g): label $out | g | ., break $out;

def last: .[-1];

def last(g): reduce g as $item (null; $item);

def nth($n): .[$n];

def nth($n; g): if $n < 0 then error("nth doesn't support negative indices") else last(limit($n + 1; g)) end;

def limit($n; exp):
  if $n < 0 then exp
  else label $out | foreach exp as $item ($n; . - 1; $item, if . <= 0 then break $out else empty end)
  end;

def isempty(g): 0 == ((label $go | g | (1, break $go)) // 0);

def combinations:
  if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $y | [$x] + $y end;

def combinations(n): . as $dot | [range(n) | $dot] | combinations;

def transpose:
  if . == [] then []
  else . as $in | (map(length) | max) as $max | length as $length
    | [range(0; $max) as $j | [range(0; $length) as $i | $in[$i][$j]]]
  end;

def in(xs): . as $x | xs | has($x);

def inside(xs): . as $x | xs | contains($x);

def walk(f):
  . as $in
  | if type == "object" then reduce keys_unsorted[] as $key ({}; .[$key] = ($in[$key] | walk(f))) | f
    elif type == "array" then map(walk(f)) | f
    else f
    end;

def tostream:
  . as $dot
  | if (type != "array" and type != "object") or length == 0 then [[], $dot]
    else keys_unsorted as $keys | $keys[-1] as $last
      | (($keys[] | . as $key | $dot[$key] | . as $dot | tostream | .[0] |= [$key] + .), [[$last]])
    end;

def truncate_stream(stream):
  . as $n | null | stream | . as $input | if (.[0] | length) > $n then setpath([0]; $input[0][$n:]) else empty end;

def fromstream(i):
  foreach i as $item ([null, false, null, false];
    if ($item[0] | length) == 0 then [null, false, .[2], .[3]]
    elif ($item | length) == 1 and ($item[0] | length) < 2 then [null, false, .[0], .[1]]
    else .
    end
    | . as $state
    | if ($item | length) > 1 and ($item[0] | length) > 0 then
        [.[0] | setpath(($item | .[0]); ($item | .[1])), true, $state[2], $state[3]]
      else .
      end;
    if ($item[0] | length) == 1 and ($item | length == 1) and .[3] then .[2] else empty end,
    if ($item[0] | length) == 0 then $item[1] else empty end);

def bsearch(target):
  if length == 0 then -1
  elif length == 1 then (if target == .[0] then 0 elif target < .[0] then -1 else -2 end)
  else . as $in
    | [0, length - 1, null]
    | until(.[0] > .[1];
        if .[2] != null then .[1] = -1
        else (((.[1] + .[0]) / 2) | floor) as $mid
          | $in[$mid] as $monkey
          | if $monkey == target then .[2] = $mid
            elif .[0] == .[1] then .[1] = -1
            elif $monkey < target then .[0] = $mid + 1
            else .[1] = $mid - 1
            end
        end)
    | if .[2] == null then (if $in[.[0]] < target then -2 - .[0] else -1 - .[0] end) else .[2] end
  end;

def INDEX(stream; idx_expr):
  reduce stream as $row ({}; .[$row | idx_expr | if type != "string" then tojson else . end] |= $row);

def INDEX(idx_expr): INDEX(.[]; idx_expr);

def JOIN($idx; idx_expr): [.[] | [., $idx[idx_expr]]];

def JOIN($idx; stream; idx_expr): stream | [., $idx[idx_expr]];

def JOIN($idx; stream; idx_expr; join_expr): stream | [., $idx[idx_expr]] | join_expr;

def IN(s): reduce (first(select(. == s)) | true) as $v (false; if . or $v then true else false end);

def IN(src; s): reduce (src | IN(s)) as $v (false; if . or $v then true else false end);

def match(re; mode): _match(re; mode) | .[];

def match($val): _match($val) | .[];

def capture(re; mods): match(re; mods) | _captures;

def capture($val): match($val) | _captures;

def scan(re): match(re; "g") | if (.captures | length > 0) then [.captures | .[] | .string] else .string end;

def splits($re; flags): split($re; flags) | .[];

def splits($re): splits($re; null);

def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;

def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");

def fromdate: fromdateiso8601;

def todate: todateiso8601;
