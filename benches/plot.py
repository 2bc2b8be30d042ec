#!/usr/bin/env python3
"""Pictures of how the cost grows, from the table that `cargo bench --bench growth` prints.

    cargo bench --bench growth > docs/performance/growth.csv
    python3 benches/plot.py docs/performance/growth.csv docs/performance

One SVG for each picture of the table; both axes go by powers of ten. Nothing but the standard library is needed.
"""

import csv
import math
import os
import sys
from html import escape

WIDE, HIGH = 640, 340
LEFT, RIGHT, TOP, BOTTOM = 64, 48, 64, 48
COLOURS = ["#1f5fa8", "#b3541e", "#3b7a3b"]
TITLES = {
    "rows": ("The cost of a row, by the number of rows", "rows"),
    "rules": ("The cost of a row, by the number of rules", "rules of the outcome"),
    "thresholds": ("The cost of a row, by the number of thresholds", "thresholds of one schedule"),
}


def ends(values, whole):
    """Where an axis begins and ends: at powers of ten, or close to its points."""
    low, high = math.log10(min(values)), math.log10(max(values))
    return (math.floor(low), math.ceil(high)) if whole else (low, high)


def number(value):
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def draw(name, lines):
    title, below = TITLES[name]
    points = [point for line in lines.values() for point in line]
    x0, x1 = ends([x for x, *_ in points], False)
    y0, y1 = ends([low for *_, low, _ in points] + [high for *_, high in points], True)
    at_x = lambda x: LEFT + (math.log10(x) - x0) / (x1 - x0) * (WIDE - LEFT - RIGHT)
    at_y = lambda y: HIGH - BOTTOM - (math.log10(y) - y0) / (y1 - y0) * (HIGH - TOP - BOTTOM)
    svg = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(title)}" width="{WIDE}" '
        f'height="{HIGH}" viewBox="0 0 {WIDE} {HIGH}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDE}" height="{HIGH}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="22" font-size="14" font-weight="bold" fill="#222222">{escape(title)}</text>',
    ]
    for power in range(y0, y1 + 1):
        y = at_y(10.0**power)
        svg.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDE - RIGHT}" y2="{y:.1f}" stroke="#d8d8d8"/>')
        svg.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#444444">{number(10.0**power)}</text>')
    for x in sorted({x for x, *_ in points}):
        svg.append(
            f'<line x1="{at_x(x):.1f}" y1="{HIGH - BOTTOM}" x2="{at_x(x):.1f}" y2="{HIGH - BOTTOM + 5}" stroke="#888888"/>'
        )
        svg.append(
            f'<text x="{at_x(x):.1f}" y="{HIGH - BOTTOM + 18}" text-anchor="middle" fill="#444444">{number(x)}</text>'
        )
    middle = (LEFT + WIDE - RIGHT) / 2
    svg.append(f'<text x="{middle:.0f}" y="{HIGH - 10}" text-anchor="middle" fill="#222222">{escape(below)}</text>')
    svg.append(
        f'<text x="16" y="{(TOP + HIGH - BOTTOM) / 2:.0f}" text-anchor="middle" fill="#222222" '
        f'transform="rotate(-90 16 {(TOP + HIGH - BOTTOM) / 2:.0f})">ns a row</text>'
    )
    key = LEFT
    for colour, (line, line_points) in zip(COLOURS, lines.items()):
        path = " ".join(f"{at_x(x):.1f},{at_y(y):.1f}" for x, y, _, _ in line_points)
        svg.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for x, y, low, high in line_points:
            svg.append(
                f'<line x1="{at_x(x):.1f}" y1="{at_y(low):.1f}" x2="{at_x(x):.1f}" y2="{at_y(high):.1f}" stroke="{colour}"/>'
            )
            svg.append(f'<circle cx="{at_x(x):.1f}" cy="{at_y(y):.1f}" r="3" fill="{colour}"/>')
        svg.append(f'<rect x="{key}" y="36" width="14" height="4" fill="{colour}"/>')
        svg.append(f'<text x="{key + 20}" y="42" fill="#222222">{escape(line)}</text>')
        key += 40 + 7 * len(line)
    return "\n".join(svg + ["</svg>"]) + "\n"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    pictures = {}
    with open(sys.argv[1], newline="") as table:
        for row in csv.DictReader(table):
            point = (int(row["x"]), float(row["median"]), float(row["least"]), float(row["most"]))
            pictures.setdefault(row["picture"], {}).setdefault(row["line"], []).append(point)
    for name, lines in pictures.items():
        with open(os.path.join(sys.argv[2], f"{name}.svg"), "w") as picture:
            picture.write(draw(name, lines))


if __name__ == "__main__":
    main()
