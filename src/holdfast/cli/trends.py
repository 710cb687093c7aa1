"""`holdfast trends`: every attribute of a product over batches, what fired where, and what is not charted and why."""

from __future__ import annotations

from typing import Any

import click

from .database import open_database, print_json

EVERY = 1000  # attributes of one product


@click.command()
@click.argument("product")
@click.option("--baseline", type=click.IntRange(3), help="Control limits from so many first batches of each stream; without it, from all.")
@click.option("--as", "email", help="See as this log-in; without it, as the operator of this machine.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def trends(product: str, baseline: int | None, email: str | None, as_json: bool) -> None:
    """Results of PRODUCT in order of manufacture, by stream: control limits, rules fired, capability. Exit 1 when a rule fired or nothing could be charted."""
    with open_database():
        from holdfast.trends.product_trends import trends_of

        from .alignment import product_named
        from .programmes import seeing_as

        with seeing_as(email):
            found = trends_of(product_named(product), baseline=baseline, at_once=EVERY)
        listed = [attribute_json(trend) for trend in found.attributes]
    if as_json:
        print_json({"product": product, "sees_whole_programme": found.whole, "attributes": listed})
    else:
        _print(listed, found.whole)
    fired, judged = any(trend.fired for trend in found.attributes), any(trend.is_judged for trend in found.attributes)
    raise SystemExit(1 if fired or not judged else 0)


def attribute_json(trend: Any) -> dict[str, Any]:
    """One attribute as scripts read it: values as reported, statistics as numbers, and a reason wherever there is none."""
    return {
        "code": trend.attribute.code,
        "name": trend.attribute.name,
        "results": len(trend.results),
        "kept_apart": list(trend.apart),
        "streams": [_stream_json(one) for one in trend.streams],
    }


def _stream_json(one: Any) -> dict[str, Any]:
    factors, chart, stream = one.charted.stream.factors, one.charted.chart, one.charted.stream
    return {
        "maker": factors.maker, "process": factors.process, "laboratory": factors.laboratory, "method": factors.method, "stage": factors.stage,
        "unit": factors.unit, "results": one.summary.results, "counted": one.summary.counted, "censored": one.summary.censored, "mean": one.summary.mean,
        "sd": one.summary.sd, "not_charted": one.charted.refused,
        "limits": {"lower": chart.lower, "centre": chart.centre, "upper": chart.upper, "baseline": chart.baseline, "digest": chart.digest} if chart else None,
        "fired": [{"batch": fired.result.batch, "rule": fired.rule, "meaning": fired.meaning} for fired in one.charted.fired],
        "capability": [
            {"registration": each.limit.registration, "region": each.limit.region, "ppk": each.found.ppk.estimate if each.found else None, "says": each.says}
            for each in one.capable
        ],
        "values": [
            {"batch": row.batch, "made_on": row.made_on.isoformat() if row.made_on else None, "reported": row.reported, "test_run": row.run_number,
             "set_aside": row.set_aside}
            for row in stream.results
        ],
    }  # fmt: skip


def _print(listed: list[dict[str, Any]], whole: bool) -> None:
    if not whole:
        click.echo("This log-in sees a part of the programme: results of others may exist, and no limits are computed.")
    for attribute in listed:
        click.echo(f"{attribute['name']} ({attribute['code']}): {attribute['results']} results")
        for stream in attribute["streams"]:
            click.echo(f"  {stream['maker'] or 'maker not recorded'}, {stream['method'] or 'procedure not recorded'}: {_said(stream)}")
            for fired in stream["fired"]:
                click.echo(f"    rule {fired['rule']} at {fired['batch']}: {fired['meaning']}")
            for each in stream["capability"] if stream["limits"] else ():
                click.echo(f"    {each['region']} {each['registration']}: {each['says']}")
    if not listed:
        click.echo("No attribute is named by a specification of this product, and none has a result.")


def _said(stream: dict[str, Any]) -> str:
    limits = stream["limits"]
    if limits is None:
        return f"not charted. {stream['not_charted']}"
    fired = "no rule fired" if not stream["fired"] else f"{len(stream['fired'])} signals" if len(stream["fired"]) > 1 else "1 signal"
    return f"{stream['counted']} results, limits {limits['lower']:.4g} to {limits['upper']:.4g} {stream['unit']} about {limits['centre']:.4g}; {fired}"
