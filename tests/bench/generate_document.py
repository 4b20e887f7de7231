#!/usr/bin/env python3
"""Writes a document of at most SIZE bytes that fits KIND_schema.json; the same document each time.

Usage: generate_document.py orders|findings SIZE FILE
orders: records of short fields, 19 bytes a key. findings: what a reviewing agent answers, mostly sentences.
"""
import json
import random
import sys

WORDS = """the value that reader gets can be missing when branch was not taken a lock is held while request waits this path input
reaches query without escape naïve total overflows after — first retry and second one write “twice” …""".split()


def sentence(draw, least, most):
    return " ".join(draw.choice(WORDS) for _ in range(draw.randint(least, most)))


def line(draw):
    made = {"sku": f"sku-{draw.randrange(10**6)}", "count": draw.randint(1, 1000), "price": draw.randrange(10**5) / 100}
    if draw.random() < 0.3:
        made["tags"] = [f"tag {draw.randrange(100)}" for _ in range(draw.randint(1, 4))]
    return made


def order(draw):
    customer = {"name": f"Customer {draw.randrange(10**4)}", "country": draw.choice(["at", "ch", "de", "fr", "nl", "us"])}
    if draw.random() < 0.5:
        customer["mail"] = f"c{draw.randrange(10**4)}@example.com"
    made = {"id": f"ord-{draw.randrange(10**6):06}", "customer": customer, "status": draw.choice(["open", "packed", "sent", "returned"]),
            "lines": [line(draw) for _ in range(draw.randint(1, 5))], "total": draw.randrange(10**6) / 100, "paid": draw.random() < 0.5}
    if draw.random() < 0.3:
        made["note"] = draw.choice([None, "leave it at the door"])
    return made


def finding(draw):
    made = {"file": f"src/{draw.choice(WORDS)}/{draw.choice(WORDS)}.cpp", "line": draw.randint(1, 2000),
            "severity": draw.choice(["info", "low", "medium", "high", "critical"]), "confidence": draw.randrange(101) / 100,
            "title": sentence(draw, 4, 12), "explanation": sentence(draw, 15, 90)}
    if draw.random() < 0.7:
        made["suggestion"] = draw.choice([None, sentence(draw, 8, 40)])
    if draw.random() < 0.5:
        made["rules"] = [f"SEC-{draw.randrange(1000)}" for _ in range(draw.randint(1, 3))]
    return made


KINDS = {"orders": ({"generated": "2026-01-01T00:00:00Z"}, order), "findings": ({"summary": "what was found"}, finding)}


def document(kind, size):
    head, make = KINDS[kind]
    draw = random.Random(2020_12)
    items, length, misses = [], len(json.dumps({**head, kind: []})), 0
    while misses < 20:
        item = make(draw)
        cost = len(json.dumps(item)) + 2
        if length + cost > size:
            misses += 1
            continue
        items.append(item)
        length += cost
    return {**head, kind: items}


if __name__ == "__main__":
    with open(sys.argv[3], "w", encoding="utf-8") as file:
        json.dump(document(sys.argv[1], int(sys.argv[2])), file)
