#!/usr/bin/env python3
"""Makes a test for promtool out of the queries of the dashboard.

    queries.py DASHBOARD.json METRICS.md >TEST.yaml

METRICS.md is docs/reference/metrics.md. The test has a series of every metric that it lists, and asks whether each query
of the dashboard finds something among them: promtool says which one it cannot read, and which one finds nothing.
"""

import json
import re
import sys

TARGET = 'job="delivery", namespace="lake", instance="a:4574"'
# What the page says of a metric of the process.
NO_STREAM = "The label stream is empty"
MINUTES = 180


def series_of(metrics):
    """One series, or the three parts of a histogram, of each metric in the table."""
    with open(metrics, encoding="utf-8") as page:
        rows = re.findall(r"^\| `(delivery_\w+)` \| (\w+) \| (?:`(\w+)`)? *\| (.*) \|$", page.read(), re.MULTILINE)
    if not rows:
        sys.exit(f"{metrics} has no table of metrics")
    for name, kind, label, text in rows:
        labels = TARGET if NO_STREAM in text else f'{TARGET}, stream="orders"'
        if label:
            labels += f', {label}="one"'
        if kind == "counter":
            yield f"{name}{{{labels}}}", f"1+7x{MINUTES}"
        elif kind == "gauge":
            yield f"{name}{{{labels}}}", f"1x{MINUTES}"
        else:
            yield f'{name}_bucket{{{labels}, le="0.1"}}', f"0+5x{MINUTES}"
            yield f'{name}_bucket{{{labels}, le="+Inf"}}', f"0+7x{MINUTES}"
            yield f"{name}_sum{{{labels}}}", f"0+1x{MINUTES}"
            yield f"{name}_count{{{labels}}}", f"0+7x{MINUTES}"
    yield f'up{{{TARGET}}}', f"1x{MINUTES}"
    yield 'ALERTS{alertname="DeliveryClockJumped", alertstate="firing", severity="warning"}', f"1x{MINUTES}"


def queries_of(dashboard):
    """Every query as Grafana would send it, with the title of its panel."""
    with open(dashboard, encoding="utf-8") as file:
        panels = json.load(file)["panels"]
    for panel in panels:
        for target in panel.get("targets", []):
            query = target["expr"].replace("$__rate_interval", "5m").replace("$__range", "1h")
            for variable in ("namespace", "instance", "stream"):
                query = query.replace(f"${variable}", ".*")
            if "$" in query:
                sys.exit(f"{panel['title']}: a variable without a value: {query}")
            yield panel["title"], query


def main(dashboard, metrics):
    # JSON is YAML as well.
    tests = [{"name": title, "interval": "1m",
              "input_series": [{"series": name, "values": values} for name, values in series_of(metrics)],
              "promql_expr_test": [{"expr": f"count({query}) > bool 0", "eval_time": f"{MINUTES}m",
                                    "exp_samples": [{"labels": "{}", "value": 1}]}]}
             for title, query in queries_of(dashboard)]
    if not tests:
        sys.exit(f"{dashboard} has no query")
    json.dump({"rule_files": [], "evaluation_interval": "1m", "tests": tests}, sys.stdout, indent=1)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
